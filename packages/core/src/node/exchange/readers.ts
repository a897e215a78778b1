// Who reads the content of a request. Law: only the stream's listeners are asked; nothing is changed.

import type { IncomingMessage } from 'node:http'
import type { Continuation } from '../../lifecycle/continuation.js'
import type { Expectation } from '../../parse/expect.js'

/** What is asked of an exchange. */
export interface ReadExchange {
  readonly request: IncomingMessage
  readonly handedOn: boolean
  readonly expectation: Expectation
  readonly continuation: Continuation
  readonly receivedBytes: number
}

export function hasReader(request: IncomingMessage): boolean {
  // Nobody has listened so far, nor resumed it.
  if (request.readableFlowing === null) return false
  return request.listenerCount('data') > 0 || request.listenerCount('readable') > 0
}

/** Somebody listens, and gets what comes: now, or as soon as it is asked for. */
export function isRead({ request, handedOn }: ReadExchange): boolean {
  return handedOn && !request.destroyed && hasReader(request)
}

/**
 * Somebody reads, and there will be something to read: a client that asked and got no 100 may never
 * send its content.
 */
export function isReadOn(exchange: ReadExchange): boolean {
  if (!isRead(exchange)) return false
  const { expectation, continuation, receivedBytes } = exchange
  return expectation.kind === 'none' || continuation === 'sent' || receivedBytes > 0
}
