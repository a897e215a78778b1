// Who reads the content of a request. Law: only the listeners of the request, and on HTTP/2 of its stream, are
// asked; nothing is changed.

import type { IncomingMessage } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { Continuation } from '../../lifecycle/continuation.js'
import type { Expectation } from '../../parse/expect.js'
import { isStreamRequest } from './request-head.js'

/** The listener of Node's compatibility API, which reads for the request. */
const OF_COMPATIBILITY = 'onStreamData'

/** What is asked of an exchange. */
export interface ReadExchange {
  readonly request: IncomingMessage
  readonly handedOn: boolean
  readonly expectation: Expectation
  readonly continuation: Continuation
  readonly receivedBytes: number
}

export function hasReader(request: IncomingMessage): boolean {
  if (isStreamRequest(request) && isReadPastRequest(request.stream)) return true
  // Nobody has listened so far, nor resumed it.
  return request.readableFlowing !== null && isListenedTo(request)
}

/** Also while a listener is being added, which resumes the stream. */
export function isListenedTo(request: IncomingMessage): boolean {
  return request.listenerCount('data') > 0 || request.listenerCount('readable') > 0
}

/** The application reads the stream itself. */
export function isReadPastRequest(stream: ServerHttp2Stream): boolean {
  return stream.listenerCount('readable') > 0 || stream.listeners('data').some(readsPastRequest)
}

/** Of a listener on the stream. */
export function readsPastRequest(listener: object): boolean {
  return !('name' in listener && listener.name === OF_COMPATIBILITY)
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
