// Which exchange a request or a response belongs to: it is left on both, under a symbol that all copies
// of the library in a process share.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestHead } from '../../head/request-head.js'
import type { Exchange } from './exchange.js'
import { readRequestHead } from './request-head.js'

const EXCHANGE = Symbol.for('@expectation/core.exchange')

type Marked = object & { [EXCHANGE]?: Exchange }

// Each look-up by itself: V8 remembers four shapes for each place that reads a property, and requests and
// responses have more than four together (benchmarks/FINDINGS.md).

/** The exchange that a request or a response belongs to, if the library looks after it. */
export function exchangeOf(message: IncomingMessage | ServerResponse): Exchange | undefined {
  return (message as Marked)[EXCHANGE]
}

export function exchangeOfRequest(request: IncomingMessage): Exchange | undefined {
  return (request as Marked)[EXCHANGE]
}

export function exchangeOfResponse(response: ServerResponse): Exchange | undefined {
  return (response as Marked)[EXCHANGE]
}

export function markMessages(exchange: Exchange): void {
  const request: Marked = exchange.request
  request[EXCHANGE] = exchange
  const response: Marked = exchange.response
  response[EXCHANGE] = exchange
}

/** The head of a request, as it was read when it came. */
export function requestHeadOf(request: IncomingMessage): RequestHead {
  return exchangeOfRequest(request)?.head ?? readRequestHead(request)
}
