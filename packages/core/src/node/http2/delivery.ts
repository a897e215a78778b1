// The end of an exchange on HTTP/2: the complete response with END_STREAM, and for content that was
// not read RST_STREAM(NO_ERROR) after it (RFC 9113 section 8.1, R37).

import type { ServerResponse } from 'node:http'
import { constants } from 'node:http2'
import type { StreamExchange } from './stream-exchange.js'

type HeadWriter = { writeHead(...head: unknown[]): ServerResponse }

export function guardStream(exchange: StreamExchange): void {
  const { response, stream } = exchange
  const guarded: HeadWriter = response
  const { writeHead } = guarded
  guarded.writeHead = (...head) => {
    exchange.finalHead()
    return writeHead.apply(response, head)
  }
  stream.once('finish', () => resetUnread(exchange))
  response.once('close', () => {
    const whole = response.writableFinished
    if (!whole) exchange.clientLeft()
    if (!whole) exchange.settle('cut')
    else exchange.settle(exchange.contentComplete ? 'kept' : 'reset')
  })
}

/**
 * Node resets the stream by itself only when nobody has touched the request and the head was written
 * with content. Closing in the tick of the end would overtake END_STREAM and truncate the response
 * (measured on Node 20 to 26); after two turns of the loop the frames are out.
 */
function resetUnread(exchange: StreamExchange): void {
  if (exchange.contentComplete) return
  setImmediate(() => {
    setImmediate(() => {
      if (!exchange.stream.closed) exchange.stream.close(constants.NGHTTP2_NO_ERROR)
    })
  })
}
