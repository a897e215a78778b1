// The same upload over HTTP/2, where a server has chosen it (ALPN): asked for, refused, and how much of
// it was sent. A refusal ends the stream only, so nothing is owed on the connection.

import http2 from 'node:http2'
import type { Address } from '@expectation/conformance'
import { joined } from '../fields.js'
import { PIECE_BYTES } from '../wire/exchange.js'
import { type RequestHead, requestLine } from '../wire/head.js'
import type { Patience } from '../wire/patience.js'
import type { Final, Seen } from '../wire/seen.js'
import { spentOf } from '../wire/seen.js'
import { handshake } from '../wire/tls-socket.js'
import { Transcript } from '../wire/transcript.js'
import { MOST_INTERIM } from '../wire/wire.js'

export async function exchangeHttp2(
  to: Address,
  head: RequestHead,
  patience: Patience,
  signal?: AbortSignal,
): Promise<Seen> {
  const begun = performance.now()
  const withinMs = patience.connectMs
  const socket = await handshake(to, { protocols: ['h2'], withinMs, signal })
  const session = http2.connect(`https://${to.authority}`, { createConnection: () => socket })
  const stop = (): void => {
    session.destroy()
    socket.destroy()
  }
  signal?.addEventListener('abort', stop)
  // What fails is seen at the stream.
  session.on('error', () => undefined)
  try {
    return {
      ...(await new Stream(session, head, patience).run()),
      ms: Math.round(performance.now() - begun),
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    stop()
  }
}

class Stream {
  readonly #stream: http2.ClientHttp2Stream
  readonly #transcript = new Transcript()
  readonly #interim: number[] = []
  readonly #wakers = new Set<() => void>()
  #sent = 0
  #final: Final | undefined
  #closed = false

  constructor(
    session: http2.ClientHttp2Session,
    private readonly head: RequestHead,
    private readonly patience: Patience,
  ) {
    const fields = fieldsOf(head)
    this.#transcript.head(shown(fields))
    this.#stream = session.request(fields, { endStream: false })
    this.#listen()
  }

  async run(): Promise<Omit<Seen, 'ms'>> {
    const { head, patience } = this
    const contentBytes = head.contentBytes ?? 0
    const verdict = (): boolean => this.#interim.includes(100) || this.#isOver()
    await this.#until(verdict, patience.verdictMs)
    const silent = !verdict()
    await this.#send(contentBytes)
    await this.#until(() => this.#isOver(), patience.answerMs)
    const sentBytes = this.#sent
    if (!this.#closed) this.#stream.close(http2.constants.NGHTTP2_NO_ERROR)
    return {
      probe: 'http2',
      request: requestLine(head, '2'),
      interim: this.#interim,
      silent,
      final: this.#final,
      unfinished: false,
      malformed: undefined,
      failure: undefined,
      sentBytes,
      spent: spentOf(sentBytes, contentBytes, PIECE_BYTES),
      after: this.#final === undefined ? 'cut' : 'kept',
      next: undefined,
      nextStatus: undefined,
      transcript: this.#transcript.lines,
    }
  }

  async #send(contentBytes: number): Promise<void> {
    const { patience } = this
    while (this.#sent < contentBytes && !this.#isOver() && this.#stream.writable) {
      const size = Math.min(PIECE_BYTES, contentBytes - this.#sent)
      this.#transcript.content(size)
      const left = contentBytes - this.#sent - size
      if (left === 0) this.#stream.end(Buffer.alloc(size, 'x'))
      else this.#stream.write(Buffer.alloc(size, 'x'))
      this.#sent += size
      const waitMs =
        this.#sent === size ? patience.startMs : left <= PIECE_BYTES ? patience.holdMs : 2
      if (left > 0) await this.#until(() => this.#isOver(), waitMs)
    }
  }

  #listen(): void {
    const stream = this.#stream
    stream.on('headers', (fields: http2.IncomingHttpHeaders) => {
      // What still comes of a flood, until the stream is closed, is not kept.
      if (this.#isOver()) return
      this.#interim.push(Number(fields[':status']))
      this.#came(fields)
    })
    stream.on('response', (fields: http2.IncomingHttpHeaders) => {
      const lines = Object.entries(fields).map(([name, value]) => [name, String(value)] as const)
      this.#final = { status: Number(fields[':status']), fields: lines, body: '' }
      this.#came(fields)
    })
    stream.on('data', () => undefined)
    stream.on('error', (error: Error) => this.#transcript.note(error.message))
    stream.on('close', () => {
      this.#closed = true
      this.#wake()
    })
  }

  #came(fields: http2.IncomingHttpHeaders): void {
    this.#transcript.came(Buffer.from(`${shown(fields)}\r\n`, 'latin1'))
    this.#wake()
  }

  #isOver(): boolean {
    const flood = this.#interim.length >= MOST_INTERIM
    return this.#final !== undefined || this.#closed || flood
  }

  #wake(): void {
    for (const wake of this.#wakers) wake()
  }

  #until(done: () => boolean, withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!done()) return
        clearTimeout(timer)
        this.#wakers.delete(check)
        resolve()
      }
      const timer = setTimeout(() => {
        this.#wakers.delete(check)
        resolve()
      }, withinMs)
      this.#wakers.add(check)
      check()
    })
  }
}

function fieldsOf(head: RequestHead): http2.OutgoingHttpHeaders {
  const given = new Map(joined(head.fields))
  // RFC 9113 section 8.3.1: what Host says in HTTP/1.1 is the authority here, and nothing else.
  const authority = given.get('host') ?? head.authority
  given.delete('host')
  return {
    ':method': head.method,
    ':path': head.target,
    ':scheme': 'https',
    ':authority': authority,
    'user-agent': 'expectation-doctor',
    ...Object.fromEntries(given),
    'content-length': head.contentBytes,
    expect: head.expect,
  }
}

function shown(fields: http2.OutgoingHttpHeaders): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')
}
