// The end of an exchange on HTTP/2: the complete response with END_STREAM, and for content that nobody
// reads RST_STREAM(NO_ERROR) after it (RFC 9113 section 8.1, R37). Laws:
// - only the library resets: Node would do so in the flush of END_STREAM when nobody has touched the
//   stream, and clients without TLS lose the answer then (curl: 73 to 97 of 100)
// - what somebody still reads goes on
// - an answer that is whole stays whole, whatever its application does behind it

import type { ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import { dropContent } from '../exchange/end-content.js'
import { ExchangeWait } from '../exchange/exchange-wait.js'
import { exchangeOfResponse } from '../exchange/find-exchange.js'
import { exchangeOfStream, type Http2Exchange, onStream } from '../exchange/http2-exchange.js'
import { isReadOn } from '../exchange/readers.js'
import { nowMs } from '../timers.js'

/** Whatever is given is passed on. */
type Destroy = (
  this: ServerHttp2Stream,
  error?: Error,
  callback?: (error?: Error | null) => void,
) => ServerHttp2Stream

const DESTROY = Symbol('the method that is replaced behind an answer')

type Guarded = ServerHttp2Stream & { [DESTROY]?: Destroy }

export function guardStreamEnd({ response, stream }: Http2Exchange): void {
  stream.on('finish', streamFinished)
  response.on('close', streamClosed)
}

function streamFinished(this: ServerHttp2Stream): void {
  const exchange = exchangeOfStream(this)
  // Node finishes the stream of a client that resets, too.
  if (exchange === undefined || exchange.whole || !exchange.answered) return
  exchange.answerWhole()
  if (exchange.received) return
  exchange.waitFor(new ResetUnread(exchange))
  dropLateErrors(this)
}

/**
 * A late error, as of a `write` after the end, would reset the stream with INTERNAL_ERROR, and clients that read
 * it together with the answer throw that away. Node has closed the stream by then, and does nothing.
 */
function dropLateErrors(stream: Guarded): void {
  stream[DESTROY] = stream.destroy
  stream.destroy = destroyLate
}

function destroyLate(
  this: Guarded,
  error?: Error,
  callback?: (error?: Error | null) => void,
): ServerHttp2Stream {
  const late = exchangeOfStream(this)?.awaitsReset === true
  return this[DESTROY]?.(late ? undefined : error, callback) ?? this
}

function streamClosed(this: ServerResponse): void {
  const exchange = onStream(exchangeOfResponse(this))
  if (exchange.settled) return
  if (exchange.answered) {
    if (!exchange.whole) exchange.answerWhole()
    const end = exchange.received || !exchange.wasReset ? 'kept' : 'reset'
    dropContent(exchange)
    exchange.settle(end)
  } else {
    exchange.clientLeft()
    exchange.contentBroke()
    exchange.settle('cut')
  }
}

/**
 * Pause after END_STREAM before a reset, in milliseconds. A client without TLS that reads both at once
 * throws the answer away (curl 7.88), so it gets the time to read the first by itself, also when it is busy.
 */
const BEFORE_RESET_MS = 30
/** Between two looks at whether END_STREAM is out. */
const LOOK_MS = 5
const LONGEST_PAUSE_MS = 64

/**
 * nghttp2 sends RST_STREAM before anything that still waits, so it must not be asked before END_STREAM is
 * out: that truncates the response (seen on Node 20 to 26, most over TLS). The stream's state tells,
 * and no event does.
 */
class ResetUnread extends ExchangeWait {
  #pauseMs = LOOK_MS
  #deadline = nowMs() + LOOK_MS
  /** END_STREAM is out since the last look. */
  #out = false

  constructor(private readonly exchange: Http2Exchange) {
    super()
  }

  override get deadline(): number {
    return this.#deadline
  }

  override expire(): void {
    const { exchange } = this
    const { stream } = exchange
    if (exchange.received || stream.destroyed) {
      this.leave()
    } else if (isReadOn(exchange) || !isOut(stream)) {
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS)
      this.#deadline = nowMs() + this.#pauseMs
    } else if (!this.#out && !hasAll(stream)) {
      this.#out = true
      this.#deadline = nowMs() + BEFORE_RESET_MS
    } else {
      this.leave()
      this.inItsContext(() => reset(exchange))
    }
  }
}

function reset(exchange: Http2Exchange): void {
  const { stream } = exchange
  dropContent(exchange)
  // Ended by the client it only waits for what is buffered, and nobody reads that.
  if (!hasAll(stream)) exchange.reset()
  stream.resume()
}

/** END_STREAM is written. */
function isOut({ closed, state }: ServerHttp2Stream): boolean {
  return closed || state.localClose === 1
}

/** The client has sent its END_STREAM: there is nothing to stop. */
function hasAll({ closed, state }: ServerHttp2Stream): boolean {
  return closed || state.remoteClose === 1
}
