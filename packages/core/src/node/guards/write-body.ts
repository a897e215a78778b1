// `write` and `flushHeaders` of a response whose request waits for a 100. A 2xx that begins before the
// content was read (progress as server-sent events, an echo) would make the 100 moot, and the client would
// never send: Go, Java and Node's client wait until they give up. So the 100 goes first
// (RFC 9110 section 15.2.1 allows it at any time before the final response).

import type { ServerResponse } from 'node:http'
import { exchangeOfResponse } from '../exchange/find-exchange.js'
import { isStreamRequest } from '../exchange/request-head.js'

type BodyWriter = {
  write(...args: unknown[]): boolean
  end(...args: unknown[]): ServerResponse
  flushHeaders(): void
}

export function guardBody(response: ServerResponse): void {
  const guarded: BodyWriter = response
  guarded.write = writeAfterContinue
  if (isStreamRequest(response.req)) guarded.end = endWithoutContinue
  guarded.flushHeaders = flushAfterContinue
}

function writeAfterContinue(this: ServerResponse, ...args: unknown[]): boolean {
  continueBefore(this)
  return Object.getPrototypeOf(this).write.apply(this, args)
}

/** On HTTP/2 `end(chunk)` calls `write`: an answer that is whole at once needs no content. */
function endWithoutContinue(this: ServerResponse, ...args: unknown[]): ServerResponse {
  exchangeOfResponse(this)?.responseEnds()
  return Object.getPrototypeOf(this).end.apply(this, args)
}

function flushAfterContinue(this: ServerResponse): void {
  continueBefore(this)
  Object.getPrototypeOf(this).flushHeaders.call(this)
}

function continueBefore(response: ServerResponse): void {
  const exchange = exchangeOfResponse(response)
  const { statusCode } = response
  if (exchange === undefined || exchange.continuation !== 'owed') return
  if (exchange.handedOn && statusCode >= 200 && statusCode < 300) exchange.contentWanted()
}
