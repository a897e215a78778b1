// `write`, `flushHeaders` and, on HTTP/2, `end` of a response whose request waits for a 100. A 2xx that
// begins before the content was read (progress as server-sent events, an echo) goes behind the 100: Go, Java
// and Node's client would wait until they give up.

import type { ServerResponse } from 'node:http'
import { exchangeOfResponse } from '../exchange/find-exchange.js'
import { isStreamRequest } from '../exchange/request-head.js'
import { continueForBeginning, continueForReader } from './early-success.js'

interface BodyWriter {
  write(...args: unknown[]): boolean
  end(...args: unknown[]): ServerResponse
  flushHeaders(): void
}

const ORIGINALS = Symbol('what the guards replace')

type Guarded = BodyWriter & { [ORIGINALS]?: BodyWriter }

/** Nearly all responses have the same. Somebody's who wrapped them first, such as `compression`, are kept. */
let latest: BodyWriter | undefined

function originalsOf({ write, end, flushHeaders }: BodyWriter): BodyWriter {
  const same = latest?.write === write && latest.end === end && latest.flushHeaders === flushHeaders
  if (latest === undefined || !same) latest = { write, end, flushHeaders }
  return latest
}

export function guardBody(response: ServerResponse): void {
  const guarded: Guarded = response
  guarded[ORIGINALS] = originalsOf(guarded)
  guarded.write = writeAfterContinue
  if (isStreamRequest(response.req)) guarded.end = endWithoutContinue
  guarded.flushHeaders = flushAfterContinue
}

function originals(response: Guarded): BodyWriter {
  const known = response[ORIGINALS]
  if (known === undefined) throw new TypeError('A guarded response has no methods of its own.')
  return known
}

function writeAfterContinue(this: ServerResponse, ...args: unknown[]): boolean {
  continueBefore(this)
  return originals(this).write.apply(this, args)
}

/** On HTTP/2 `end(chunk)` calls `write`: an answer that is whole at once needs no content, but a reader does. */
function endWithoutContinue(this: ServerResponse, ...args: unknown[]): ServerResponse {
  const exchange = exchangeOfResponse(this)
  if (exchange !== undefined) {
    continueForReader(exchange, this.statusCode)
    exchange.responseEnds()
  }
  return originals(this).end.apply(this, args)
}

function flushAfterContinue(this: ServerResponse): void {
  continueBefore(this)
  originals(this).flushHeaders.call(this)
}

function continueBefore(response: ServerResponse): void {
  const exchange = exchangeOfResponse(response)
  if (exchange !== undefined) continueForBeginning(exchange, response.statusCode)
}
