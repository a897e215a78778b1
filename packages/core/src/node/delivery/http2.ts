// The end of an exchange on HTTP/2: the complete response with END_STREAM, and for content that was
// not read RST_STREAM(NO_ERROR) after it (RFC 9113 section 8.1, R37).

import type { ServerResponse } from 'node:http'
import type { StreamExchange } from './stream-exchange.js'

type HeadWriter = { writeHead(...head: unknown[]): ServerResponse }

export function guardStream(exchange: StreamExchange): void {
  const { response, stream, plain } = exchange
  const guarded: HeadWriter = response
  guarded.writeHead = (...head) => {
    const written = plain.writeHead.apply(response, head)
    // Node throws for a head that it will not write: nothing has been answered then.
    exchange.finalHead(Number(head[0]))
    return written
  }
  stream.once('finish', () => setImmediate(resetUnread, exchange))
  response.once('close', () => {
    if (exchange.answered) {
      exchange.settle(exchange.contentComplete ? 'kept' : 'reset')
    } else {
      exchange.clientLeft()
      exchange.settle('cut')
    }
  })
}

const LONGEST_PAUSE_MS = 64

/**
 * Node resets the stream by itself only when nobody has touched the request and the head was written
 * with content. nghttp2 sends RST_STREAM before anything that still waits, so it must not be asked
 * before END_STREAM is out: that truncates the response (seen on Node 20 to 26, most over TLS). The
 * stream's state tells, and no event does.
 */
function resetUnread(exchange: StreamExchange, pauseMs = 1): void {
  const { stream } = exchange
  if (exchange.contentComplete || stream.closed || stream.destroyed) return
  if (stream.state.localClose === 1) {
    exchange.reset()
    return
  }
  setTimeout(resetUnread, pauseMs, exchange, Math.min(pauseMs * 2, LONGEST_PAUSE_MS)).unref()
}
