// `write`, `flushHeaders` and, on HTTP/2, `end` of a response whose request waits for a 100. A 2xx that
// begins before the content was read (progress as server-sent events, an echo) goes behind the 100: Go, Java
// and Node's client would wait until they give up.

import type { ServerResponse } from 'node:http'
import type { Exchange } from '../exchange/exchange.js'
import { exchangeOfResponse } from '../exchange/find-exchange.js'
import { isStreamRequest } from '../exchange/request-head.js'
import { continueForBeginning, continueForReader } from './early-success.js'

interface BodyWriter {
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

function guardOf(response: ServerResponse): Exchange {
  const exchange = exchangeOfResponse(response)
  if (exchange === undefined) throw new TypeError('A guarded response has no exchange.')
  return exchange
}

function writeAfterContinue(this: ServerResponse, ...args: unknown[]): boolean {
  const exchange = guardOf(this)
  continueForBeginning(exchange, this.statusCode)
  return exchange.originals.write.apply(this, args)
}

/** On HTTP/2 `end(chunk)` calls `write`: an answer that is whole at once needs no content, but a reader does. */
function endWithoutContinue(this: ServerResponse, ...args: unknown[]): ServerResponse {
  const exchange = guardOf(this)
  continueForReader(exchange, this.statusCode)
  exchange.responseEnds()
  return exchange.originals.end.apply(this, args)
}

function flushAfterContinue(this: ServerResponse): void {
  const exchange = guardOf(this)
  continueForBeginning(exchange, this.statusCode)
  exchange.originals.flushHeaders.call(this)
}
