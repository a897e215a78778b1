// Opens an exchange and sets its guards. OVERRIDES.md lists what they replace.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { adviseOnProxy } from '../advice/proxies.js'
import { awaitContent, refuseMidway } from '../answer/refuse-midway.js'
import { Http1Exchange } from '../connection/http1-exchange.js'
import { contentOver, guardDelivery, guardedConnection } from '../delivery/http1.js'
import { guardStreamEnd } from '../delivery/http2.js'
import type { Exchange, ExchangeListener } from '../exchange/exchange.js'
import { markMessages } from '../exchange/find-exchange.js'
import { Http2Exchange } from '../exchange/http2-exchange.js'
import { isStreamRequest, type StreamRequest } from '../exchange/request-head.js'
import type { ServerContext } from '../exchange/server-context.js'
import { guardDumping, guardLeaving } from '../guards/destroy.js'
import { guardAsking, guardReading } from '../guards/read.js'
import { guardStreamContent, guardStreamReading } from '../guards/stream-reading.js'
import { guardBody } from '../guards/write-body.js'
import { guardContinue } from '../guards/write-continue.js'
import { guardHead } from '../guards/write-head-http1.js'
import { guardStreamHead } from '../guards/write-head-http2.js'

const listener: ExchangeListener = {
  continueSent: awaitContent,
  contentRefused: guardAsking,
  contentEnded(exchange) {
    if (exchange instanceof Http1Exchange) contentOver(exchange)
  },
  creditRefused(exchange, refusal) {
    refuseMidway(exchange, refusal, 'grant')
  },
}

/**
 * For a request that has content or expects something: others cost nothing (law 10).
 *
 * @param continueSent - Node has answered the expectation before we saw the request.
 */
export function openExchange(
  server: ServerContext,
  request: IncomingMessage,
  response: ServerResponse,
  continueSent = false,
): Exchange {
  const exchange = isStreamRequest(request)
    ? openStream(server, request, response, continueSent)
    : openOnConnection(server, request, response, continueSent)
  exchange.server.exchangeOpened()
  markMessages(exchange)
  guardReading(exchange)
  adviseOnProxy(exchange)
  if (exchange.expectation.kind !== 'none') {
    guardContinue(response)
    guardBody(response)
  }
  return exchange
}

function openOnConnection(
  server: ServerContext,
  request: IncomingMessage,
  response: ServerResponse,
  continueSent: boolean,
): Exchange {
  const connection = guardedConnection(request.socket, server)
  const exchange = new Http1Exchange(request, response, connection, listener, continueSent)
  guardLeaving(request)
  // All was there before anybody asked: Node takes it for unread when the answer is out.
  if (request.complete) guardDumping(request)
  guardHead(response)
  guardDelivery(exchange)
  return exchange
}

function openStream(
  server: ServerContext,
  request: StreamRequest,
  response: ServerResponse,
  continueSent: boolean,
): Exchange {
  const exchange = new Http2Exchange(request, response, server, listener, continueSent)
  if (exchange.continuation === 'owed') guardStreamReading(exchange)
  guardStreamContent(exchange)
  guardStreamHead(exchange)
  guardStreamEnd(exchange)
  return exchange
}
