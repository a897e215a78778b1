// The client's own 100: written by core, once, and only while it is owed.

import type { IncomingMessage } from 'node:http'
import { exchangeOf } from '@expectation/core/node'

/**
 * Content is wanted. To be called before it is read, as what is read by a pipe comes a tick later, and
 * information responses may follow at once. Where nobody attached the server, Node has sent the 100
 * before anybody saw the request.
 */
export function continueClient(request: IncomingMessage): void {
  const exchange = exchangeOf(request)
  if (exchange?.continuation === 'owed') exchange.response.writeContinue()
}

/**
 * The upstream gave its answer in place of the 100 (RFC 9110 section 10.1.1), so nobody will read the
 * content. Else core takes a 2xx that goes out in pieces for an echo, and asks the client to begin.
 */
export function leaveUncontinued(request: IncomingMessage): void {
  exchangeOf(request)?.responseEnds()
}
