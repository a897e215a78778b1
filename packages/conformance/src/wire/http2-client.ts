// A client for HTTP/2, on Node's own: with TLS by ALPN, without TLS by prior knowledge.
// Streams remember everything that came, so that waits may begin after the fact.

import http2 from 'node:http2'
import type { Address } from './address.js'
import { MOST_UNREAD, Observation, WAIT_MS } from './raw-client.js'

export interface Http2Answer {
  readonly status: number
  readonly text: string
  field(name: string): string | undefined
}

export class Http2Client {
  readonly #session: http2.ClientHttp2Session
  failure: Error | undefined

  private constructor(session: http2.ClientHttp2Session) {
    this.#session = session
    session.on('error', (error: Error) => {
      this.failure = error
    })
  }

  static async connect(to: Address): Promise<Http2Client> {
    const host = to.host.includes(':') ? `[${to.host}]` : to.host
    const url = `${to.secure ? 'https' : 'http'}://${host}:${to.port}`
    const session = http2.connect(url, { rejectUnauthorized: false })
    const client = new Http2Client(session)
    let ready = false
    // Node says `connect` before the peer has spoken; its SETTINGS prove that it speaks HTTP/2.
    session.once('remoteSettings', () => {
      ready = true
    })
    const done = (): boolean => ready || client.failure !== undefined || session.closed
    try {
      await until('a peer that speaks HTTP/2', done, (wake) => {
        for (const event of ['remoteSettings', 'error', 'close']) session.once(event, wake)
      })
      if (ready) return client
      const cause = client.failure
      throw new Observation(`the server does not speak HTTP/2 (${cause?.message ?? 'closed'})`, {
        cause,
      })
    } catch (error) {
      session.destroy()
      throw error
    }
  }

  request(fields: http2.OutgoingHttpHeaders, end: boolean): Http2Stream {
    return new Http2Stream(this.#session.request(fields, { endStream: end }))
  }

  destroy(): void {
    this.#session.destroy()
  }
}

export class Http2Stream {
  /** How many 100s have come. */
  continues = 0
  /** How many 100s a step of the case has waited for. */
  expected = 0
  readonly #stream: http2.ClientHttp2Stream
  readonly #parts: Buffer[] = []
  #bytes = 0
  #head: http2.IncomingHttpHeaders | undefined
  #ended = false
  #closed = false
  #failure: Error | undefined
  readonly #wakers = new Set<() => void>()

  constructor(stream: http2.ClientHttp2Stream) {
    this.#stream = stream
    stream.on('headers', (head: http2.IncomingHttpHeaders) => {
      if (head[':status'] !== undefined && Number(head[':status']) === 100) this.continues += 1
      this.#wake()
    })
    stream.on('response', (head: http2.IncomingHttpHeaders) => {
      this.#head = head
      this.#wake()
    })
    stream.on('data', (part: Buffer) => this.#take(part))
    stream.on('end', () => {
      this.#ended = true
      this.#wake()
    })
    stream.on('error', (error: Error) => {
      this.#failure = error
      this.#wake()
    })
    stream.on('close', () => {
      this.#closed = true
      this.#wake()
    })
  }

  #take(part: Buffer): void {
    this.#bytes += part.length
    if (this.#bytes <= MOST_UNREAD) this.#parts.push(part)
    else this.cancel()
  }

  send(bytes: Buffer, end: boolean): void {
    if (this.#stream.writable) {
      if (end) this.#stream.end(bytes)
      else this.#stream.write(bytes)
    }
  }

  cancel(): void {
    this.#stream.close(http2.constants.NGHTTP2_CANCEL)
  }

  async continued(): Promise<void> {
    await this.#until('a 100', () => this.continues > this.expected || this.#settled)
    if (this.continues <= this.expected) throw this.#problem('no 100 before the final response')
    this.expected += 1
  }

  /** The final response, complete. */
  async answer(withinMs: number = WAIT_MS): Promise<Http2Answer> {
    await this.#until('a complete response', () => this.#ended || this.#closed, withinMs)
    const head = this.#head
    if (head === undefined) throw this.#problem('the stream ended without a response')
    if (this.#bytes > MOST_UNREAD) throw this.#problem(`more than ${MOST_UNREAD} bytes came`)
    if (!this.#ended) throw this.#problem('the response was cut short')
    return {
      status: Number(head[':status']),
      text: Buffer.concat(this.#parts).toString('utf8'),
      field(name) {
        const value = head[name]
        return value === undefined || typeof value === 'string' ? value : value.join(', ')
      },
    }
  }

  /** What comes first within the time: a 100, or the status of a final response. */
  async anything(withinMs: number): Promise<string | undefined> {
    const came = (): boolean => this.continues > this.expected || this.#settled
    await this.#until('anything', came, withinMs).catch(() => undefined)
    if (this.continues > this.expected) return '100'
    if (this.#head !== undefined) return String(this.#head[':status'])
    return this.#closed ? 'the end of the stream' : undefined
  }

  async over(): Promise<void> {
    await this.#until('the end of the stream on both sides', () => this.#closed)
    const { NGHTTP2_NO_ERROR, NGHTTP2_CANCEL } = http2.constants
    if (this.#stream.rstCode !== NGHTTP2_NO_ERROR && this.#stream.rstCode !== NGHTTP2_CANCEL) {
      throw this.#problem(`the stream ended with error code ${this.#stream.rstCode}`)
    }
  }

  /** Of the final response, once its head is there. */
  get status(): number | undefined {
    const status = this.#head?.[':status']
    return status === undefined ? undefined : Number(status)
  }

  get #settled(): boolean {
    return this.#head !== undefined || this.#closed
  }

  #wake(): void {
    for (const wake of this.#wakers) wake()
  }

  #problem(message: string): Observation {
    const status = this.#head === undefined ? 'no head' : `status ${this.#head[':status']}`
    const code = this.#closed ? `closed with ${this.#stream.rstCode}` : 'open'
    const failure = this.#failure === undefined ? '' : `; ${this.#failure.message}`
    return new Observation(`${message} [${this.continues} times 100, ${status}, ${code}${failure}]`)
  }

  #until(what: string, done: () => boolean, withinMs: number = WAIT_MS): Promise<void> {
    return until(
      what,
      done,
      (wake) => this.#wakers.add(wake),
      withinMs,
      (message) => this.#problem(message),
    )
  }
}

function until(
  what: string,
  done: () => boolean,
  subscribe: (wake: () => void) => void,
  withinMs: number = WAIT_MS,
  problem: (message: string) => Error = (message) => new Observation(message),
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(problem(`waited ${withinMs} ms for ${what}`)), withinMs)
    const check = (): void => {
      if (!done()) return
      clearTimeout(timer)
      resolve()
    }
    subscribe(check)
    check()
  })
}
