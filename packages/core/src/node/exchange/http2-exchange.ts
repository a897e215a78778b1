// An exchange on an HTTP/2 stream. Nothing stands behind it: other streams live on whatever happens
// to this one (RFC 9113 section 8.1).

import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { constants, type ServerHttp2Stream } from 'node:http2'
import { Exchange, type ExchangeListener } from './exchange.js'
import { isReadOn } from './readers.js'
import type { StreamRequest } from './request-head.js'
import type { ServerContext } from './server-context.js'

const EXCHANGE = Symbol('the exchange of an open stream')

type MarkedStream = ServerHttp2Stream & { [EXCHANGE]?: Http2Exchange | undefined }

/**
 * Nothing once it has settled: Node keeps a stream until V8's next full collection, and what the stream leads
 * to with it. So no listener and no method of a stream is a closure that knows its exchange.
 */
export function exchangeOfStream(stream: ServerHttp2Stream): Http2Exchange | undefined {
  return (stream as MarkedStream)[EXCHANGE]
}

export class Http2Exchange extends Exchange {
  readonly stream: MarkedStream
  #reset = false
  #paused = false

  constructor(
    request: StreamRequest,
    response: ServerResponse,
    override readonly server: ServerContext,
    listener: ExchangeListener,
    continueSent: boolean,
  ) {
    // `complete` of the compatibility API means that the stream has been read to its end.
    super(request, response, listener, { continueSent, complete: request.readableEnded })
    this.stream = request.stream
    this.stream[EXCHANGE] = this
  }

  override get gone(): boolean {
    return this.stream.destroyed
  }

  /** Node ends a stream that the client resets, so that `writableFinished` alone tells nothing. */
  override get answered(): boolean {
    const { stream } = this
    return stream.headersSent && stream.writableFinished && !stream.aborted
  }

  /** Also where the application has given its head to the stream, past the response. */
  override get status(): number | undefined {
    // Typed as there from the start; Node has none before the head.
    const sent: OutgoingHttpHeaders | undefined = this.stream.sentHeaders
    const given = sent?.[':status']
    return super.status ?? (given === undefined ? undefined : Number(given))
  }

  /** Streams do not wait for one another. */
  override get itsTurn(): boolean {
    return true
  }

  /** Unread content costs nothing here: the stream is reset, and the connection goes on. */
  override get drainable(): boolean {
    return false
  }

  /** Node ends the request whenever the stream closes, whether or not END_STREAM has come. */
  override get endIsWhole(): boolean {
    const { stream, framing } = this
    if (framing.kind === 'length') {
      return this.receivedBytes === framing.bytes && stream.readableLength === 0
    }
    return !this.#reset && !stream.aborted && stream.rstCode === constants.NGHTTP2_NO_ERROR
  }

  /**
   * Node resets a stream by itself that nobody has touched, in the flush of END_STREAM; one that was
   * paused it leaves to us.
   *
   * @returns Whether somebody has to see to it that it flows for a new listener, as it would unless it was paused.
   */
  keepFromReset(): boolean {
    if (this.received || this.stream.readableFlowing !== null) return false
    this.#paused = true
    this.stream.pause()
    return true
  }

  /** A stream that is not read tells all the same when it is reset. */
  override contentDropped(): boolean {
    return this.whole
  }

  override contentAsked(): void {
    if (!this.#paused) return
    this.#paused = false
    this.stream.resume()
  }

  /**
   * The answer is whole, and nobody reads the rest. Node would have closed the stream by now: it does nothing for
   * whoever answers once more.
   */
  get awaitsReset(): boolean {
    return this.whole && !this.received && !isReadOn(this)
  }

  /** RST_STREAM was sent after the answer, or came from the client. */
  get wasReset(): boolean {
    return this.#reset || this.stream.aborted || this.stream.rstCode !== constants.NGHTTP2_NO_ERROR
  }

  /** The answer is whole and content is unread: RST_STREAM(NO_ERROR) (RFC 9113 section 8.1). */
  reset(): void {
    this.#reset = true
    this.stream.close(constants.NGHTTP2_NO_ERROR)
  }

  protected override destroyCarrier(): void {
    this.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  }

  /** Node writes none behind a head; one that is kept back (../guards/write-head-http2.ts) only looks like that. */
  protected override writeContinue(): void {
    const { stream } = this
    if (!Object.hasOwn(stream, 'headersSent')) {
      this.originals.writeContinue.call(this.response)
      return
    }
    const kept = Object.getOwnPropertyDescriptor(stream, 'headersSent')
    Reflect.deleteProperty(stream, 'headersSent')
    this.originals.writeContinue.call(this.response)
    if (kept !== undefined) Object.defineProperty(stream, 'headersSent', kept)
  }

  protected override released(): void {
    this.stream[EXCHANGE] = undefined
  }
}

/** What a guarded message of an HTTP/2 stream has found on itself. */
export function onStream(exchange: Exchange | undefined): Http2Exchange {
  if (exchange instanceof Http2Exchange) return exchange
  throw new TypeError('A guarded message has no exchange on a stream.')
}
