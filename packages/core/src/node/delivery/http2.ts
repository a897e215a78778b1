// The end of an exchange on HTTP/2: the complete response with END_STREAM, and for content that nobody
// reads RST_STREAM(NO_ERROR) after it (RFC 9113 section 8.1, R37). Laws:
// - only the library resets: Node would do so in the flush of END_STREAM when nobody has touched the
//   stream, and clients without TLS lose the answer then (curl: 20 to 82 of 100)
// - what somebody still reads goes on

import type { ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { dropContent, isReadOn } from '../exchange/end-content.js'
import type { Http2Exchange } from '../exchange/http2-exchange.js'
import { Wait } from '../server/deadlines.js'

type HeadWriter = { writeHead(...head: unknown[]): ServerResponse }

export function guardStream(exchange: Http2Exchange): void {
  const { response, stream, originals } = exchange
  const guarded: HeadWriter = response
  guarded.writeHead = (...head) => {
    const written = originals.writeHead.apply(response, head)
    // Node throws for a head that it will not write: nothing has been answered then.
    exchange.finalHead(Number(head[0]), true)
    exchange.keepFromReset()
    return written
  }
  stream.once('finish', () => streamFinished(exchange))
  response.once('close', () => {
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
  })
}

function streamFinished(exchange: Http2Exchange): void {
  // Node finishes the stream of a client that resets, too.
  if (exchange.settled || exchange.whole || !exchange.answered) return
  exchange.answerWhole()
  if (!exchange.received) exchange.waitFor(new ResetUnread(exchange))
}

/** Pause after END_STREAM, in milliseconds: clients that read by the packet miss an answer that a reset follows. */
const AFTER_END_MS = 5
const LONGEST_PAUSE_MS = 64

/**
 * nghttp2 sends RST_STREAM before anything that still waits, so it must not be asked before END_STREAM is
 * out: that truncates the response (seen on Node 20 to 26, most over TLS). The stream's state tells,
 * and no event does.
 */
class ResetUnread extends Wait {
  #pauseMs = AFTER_END_MS
  #deadline = performance.now() + AFTER_END_MS

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
    } else if ((stream.closed || stream.state.localClose === 1) && !isReadOn(exchange)) {
      this.leave()
      dropContent(exchange)
      // Closed on both sides it only waits for what is buffered, and nobody reads that.
      if (!stream.closed) exchange.reset()
      stream.resume()
    } else {
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS)
      this.#deadline = performance.now() + this.#pauseMs
    }
  }
}
