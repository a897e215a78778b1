// A request of HTTP/2 as a stream of a session (RFC 9113): interim responses are header blocks, a final
// answer stops the stream only, and the connection lives on.
import http2, {
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from 'node:http2'
import type { Fields } from '../fields.js'
import { EndWatch } from './http2-end.js'
import type { Http2Session, Turn } from './http2-session.js'
import {
  type AnswerHead,
  type RequestPlan,
  UNSEEN_PIECE_BYTES,
  type Wire,
  type WireEvents,
} from './wire.js'
import { WITHOUT_CONTENT } from './without-content.js'

const { NGHTTP2_HTTP_1_1_REQUIRED, NGHTTP2_REFUSED_STREAM } = http2.constants

export class Http2Wire implements Wire {
  readonly largestPieceBytes = UNSEEN_PIECE_BYTES
  #stream: ClientHttp2Stream | undefined
  readonly #turn: Turn
  /**
   * RFC 9113 section 8.1: content that was broken off must not end with END_STREAM. `close()` of Node ends what
   * is written before it resets the stream; a signal destroys the stream first, and resets it with CANCEL.
   */
  readonly #givenUp = new AbortController()

  /** @param http1Required - The server takes this request over HTTP/1.1 only (RFC 9113 section 7). */
  constructor(
    private readonly session: Http2Session,
    private readonly plan: RequestPlan,
    private readonly events: WireEvents,
    private readonly http1Required: () => void,
  ) {
    this.#turn = {
      open: () => this.#open(),
      gone: () => this.#gone(new Error('The session was closed before a stream was free')),
    }
    session.enter(this.#turn)
  }

  write(piece: Uint8Array, done: (error?: Error | null) => void): void {
    this.#stream?.write(piece, done)
  }

  end(piece: Uint8Array | undefined, done: () => void): void {
    this.#stream?.end(piece, done)
  }

  /** Node tells of a piece only when all of it has left. */
  leftOf(): number {
    return 0
  }

  /** The server takes no more streams at once, and all are in use. */
  get queued(): boolean {
    return this.#stream === undefined && this.session.busy
  }

  distrust(): void {
    this.session.distrust()
  }

  destroy(): void {
    this.session.leave(this.#turn)
    this.#givenUp.abort()
  }

  #open(): void {
    const { plan, events } = this
    try {
      this.#stream = this.session.request(headersOf(plan), this.#givenUp.signal)
    } catch (error) {
      // Fields that Node refuses are TypeErrors; the state of a session is not.
      if (error instanceof TypeError) events.failed(error, 'malformed_request')
      else this.#gone(error)
      return
    }
    this.#listen(this.#stream)
    process.nextTick(() => events.connected('h2', plan.asks))
  }

  /** Nothing has left, so it is safe to repeat, whatever the method. */
  #gone(error: unknown): void {
    this.events.untouched()
    this.events.failed(error, 'connection_lost')
  }

  #listen(stream: ClientHttp2Stream): void {
    const { plan, events } = this
    const end = new EndWatch(stream)
    if (plan.asks) stream.once('continue', () => events.continued())
    stream.on('headers', (headers) => {
      const head = headOf(headers)
      if (head.status !== 100) events.information(head)
    })
    let answered = false
    stream.once('response', (headers) => {
      answered = true
      const isWhole = (): boolean => end.isWhole(headers)
      events.answered(headOf(headers), { stream, isWhole })
    })
    stream.on('error', (error) => {
      // RFC 9113 section 8.7: nothing was done, so it is safe to repeat, whatever the method.
      if (stream.rstCode === NGHTTP2_REFUSED_STREAM) events.untouched()
      if (stream.rstCode === NGHTTP2_HTTP_1_1_REQUIRED) this.http1Required()
      events.failed(error)
    })
    // A reset without an error closes the stream only when all was written, which nobody takes any more: it
    // would keep the session, and the process. An answer before it is told a little later, and read first.
    stream.once('aborted', () => {
      setImmediate(() => {
        events.closed()
        if (!answered || stream.readableEnded) stream.destroy()
        else stream.once('end', () => stream.destroy())
      })
    })
    stream.once('close', () => events.closed())
  }
}

/** Lists (RFC 9110 section 5.6.1) of which Node takes one line only. */
const ONE_LINE: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-language',
  'if-match',
  'if-none-match',
])

/** `__proto__` and `constructor` are names of fields like any other. */
function withoutPrototype(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.assign(Object.create(null), headers)
}

function headersOf(plan: RequestPlan): OutgoingHttpHeaders {
  const { url, method } = plan
  const headers = withoutPrototype({
    ':method': method,
    ':scheme': url.protocol.slice(0, -1),
    ':authority': url.host,
    ':path': `${url.pathname}${url.search}`,
  })
  for (const [name, value] of plan.fields) {
    const lower = name.toLowerCase()
    const before = headers[lower]
    if (lower === 'host') headers[':authority'] = value
    else if (before === undefined) headers[lower] = value
    else if (ONE_LINE.has(lower)) headers[lower] = `${before}, ${value}`
    else headers[lower] = [before, value].flat().map(String)
  }
  if (
    plan.contentLength !== undefined &&
    (plan.contentLength > 0 || !WITHOUT_CONTENT.has(method))
  ) {
    headers['content-length'] = String(plan.contentLength)
  }
  if (plan.asks) headers.expect = '100-continue'
  return headers
}

function headOf(headers: IncomingHttpHeaders & IncomingHttpStatusHeader): AnswerHead {
  const fields: [string, string][] = []
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':') || value === undefined) continue
    for (const each of [value].flat()) fields.push([name, String(each)])
  }
  const named: Fields = fields
  return { status: headers[':status'] ?? 0, statusText: '', fields: named }
}
