// The client's own 100: written by core, once, and only while it is owed. It goes out before content is
// read, as what is read by a pipe comes a tick later, and information responses may follow at once.

import type { IncomingMessage } from 'node:http'
import { exchangeOf } from '@expectation/core/node'

/** Where nobody attached the server, Node has sent it before anybody saw the request. */
export function continueClient(request: IncomingMessage): void {
  const exchange = exchangeOf(request)
  if (exchange?.continuation === 'owed') exchange.response.writeContinue()
}
