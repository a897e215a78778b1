// Opens an exchange and sets its guards, each in its own room.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { adviseOnProxy } from './advice/proxies.js'
import { awaitContent } from './content-refused.js'
import { type Exchange, exchangeOfResponse } from './exchange.js'
import { ConnectionExchange } from './http1/connection-exchange.js'
import { guardDelivery, guardedConnection } from './http1/delivery.js'
import { guardLeaving } from './http1/leave-content.js'
import type { LingerHost } from './http1/linger.js'
import { guardHead } from './http1/response-head.js'
import { guardStream } from './http2/delivery.js'
import { isStreamRequest, StreamExchange, type StreamRequest } from './http2/stream-exchange.js'
import { guardContent } from './request-content.js'

/**
 * For a request that has content or expects something: others cost nothing (law 10).
 *
 * @param continueAlreadySent - Node has answered the expectation before we saw the request.
 */
export function openExchange(
  host: LingerHost,
  request: IncomingMessage,
  response: ServerResponse,
  continueAlreadySent = false,
): Exchange {
  const exchange = isStreamRequest(request)
    ? openStream(request, response, continueAlreadySent)
    : openConnection(host, request, response, continueAlreadySent)
  guardContent(request)
  adviseOnProxy(exchange)
  if (exchange.expectation.kind !== 'none') {
    response.writeContinue = writeContinueOnce
    exchange.onContinueSent = awaitContent
  }
  return exchange
}

function openConnection(
  host: LingerHost,
  request: IncomingMessage,
  response: ServerResponse,
  continueAlreadySent: boolean,
): Exchange {
  const connection = guardedConnection(request.socket, host)
  const exchange = new ConnectionExchange(request, response, connection, continueAlreadySent)
  guardLeaving(request)
  guardHead(response)
  guardDelivery(response)
  return exchange
}

function openStream(
  request: StreamRequest,
  response: ServerResponse,
  continueAlreadySent: boolean,
): Exchange {
  const exchange = new StreamExchange(request, response, continueAlreadySent)
  guardStream(exchange)
  return exchange
}

function writeContinueOnce(this: ServerResponse): void {
  exchangeOfResponse(this)?.sendContinue()
}
