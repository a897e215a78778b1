// An answer that cannot be finished, and a client that cannot be answered.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { constants, Http2ServerResponse } from 'node:http2'
import { exchangeOfResponse } from '../exchange/find-exchange.js'
import { isHeadMade } from './kept-head.js'

/** The head is out and the rest will not come: what the client has must not look like a whole answer. */
export function breakOff(response: ServerResponse): void {
  const exchange = exchangeOfResponse(response)
  if (exchange !== undefined) exchange.cut()
  // Destroying an HTTP/2 response resets its stream with NO_ERROR, which clients take for an end.
  else if (response instanceof Http2ServerResponse) {
    response.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  } else response.destroy()
}

/**
 * Somebody else has answered while a check was asked, as a timeout does: what has begun cannot be taken back.
 * A begun answer may be finished by nobody, since whoever comes behind the check is not asked.
 *
 * @returns Whether it is so.
 */
export function isAnsweredAlready(response: ServerResponse): boolean {
  if (!isHeadMade(response)) return false
  if (!response.writableEnded) breakOff(response)
  return true
}

/** Nobody is there to be answered: an error that comes now is most likely about that. */
export function clientHasLeft(request: IncomingMessage, response: ServerResponse): boolean {
  const exchange = exchangeOfResponse(response)
  // An abandoned iterator has taken the socket from the request; the exchange still knows it.
  if (exchange !== undefined) return exchange.gone && !exchange.answered
  return request.socket?.destroyed === true && !response.writableFinished
}
