// Content that nobody will get any more of: the request stream ends, and whoever waits for it learns so.

import type { IncomingMessage } from 'node:http'
import type { Exchange } from './exchange.js'
import { hasReader } from './readers.js'
import { isStreamRequest } from './request-head.js'

/** The stream lives, and nobody listens. */
function isUnread(request: IncomingMessage): boolean {
  return !request.destroyed && !hasReader(request)
}

/**
 * Nobody reads: the stream ends as if what is discarded had been read, and what still comes is dropped.
 * Node does the same to content that nobody has read when the response is finished, without bounds.
 *
 * Not to be called while the parser is to report the end of the content: Node's parser forgets a request
 * whose stream has ended.
 */
export function dropContent(exchange: Exchange): void {
  if (exchange.handedOn) dropBuffer(exchange)
}

/**
 * The parser has been left, and what it had handed over before the answer came is not wanted either:
 * up to 128 kB (Node 26), which would be kept for as long as the connection lingers.
 */
export function dropBuffer(exchange: Exchange): void {
  if (isUnread(exchange.request)) endStream(exchange)
}

function endStream(exchange: Exchange): void {
  const { request, originals } = exchange
  exchange.contentRefused()
  // finalhandler asks once more after body-parser has asked: `complete` tells it not to wait.
  sayComplete(request)
  originals.push.call(request, null)
  // A stream that holds nothing need not flow to come to its end.
  if (request.readableLength === 0) request.read(0)
  else originals.resume.call(request)
}

/** On HTTP/2 it is read from the stream. */
function sayComplete(request: IncomingMessage): void {
  if (!isStreamRequest(request)) request.complete = true
}

/** What has come and nobody has read is not kept for somebody who begins to read behind the answer. */
export function throwAway({ request, originals }: Exchange): void {
  if (isUnread(request)) originals.resume.call(request)
}

/** All of it was dropped: who began to read meanwhile sees the end, as in Node. */
export function endDropped(exchange: Exchange): void {
  const { request } = exchange
  if (!request.destroyed && !request.readableEnded) endStream(exchange)
}

/** An error is the answer: those who read get no more, not of what is buffered either. */
export function stopReading(exchange: Exchange): void {
  const { request } = exchange
  exchange.contentRefused()
  if (!request.destroyed && hasReader(request)) request.pause()
}

/**
 * Those who read get an error, and are to answer it. finalhandler and body-parser answer when the content is over,
 * which `complete` tells them.
 *
 * @returns Whether somebody listens for it: a stream that the request was piped into is not told.
 */
export function raiseError(exchange: Exchange, error: Error): boolean {
  const { request } = exchange
  const isHeard = request.listenerCount('error') > 0
  if (isHeard) sayComplete(request)
  failContent(exchange, error)
  return isHeard
}

/** Those who read get an error; without a listener for it, it must not end the process. */
export function failContent(exchange: Exchange, error: Error): void {
  const { request } = exchange
  exchange.contentRefused()
  destroyRequest(request, request.listenerCount('error') > 0 ? error : undefined)
}

/**
 * The answer is whole, and no more of the content comes to those who may still wait for it. No error: it
 * would be handed on to streams where nobody listens, as the AWS SDK does it, and end the process.
 * `pipeline` and iteration report ERR_STREAM_PREMATURE_CLOSE, others the `close` event. Those who only
 * discard see the end, as in Node.
 */
export function leaveContent(exchange: Exchange): void {
  const { request } = exchange
  if (request.destroyed || request.readableEnded) return
  if (isUnread(request)) {
    endStream(exchange)
  } else if (exchange.content !== 'complete') {
    exchange.contentRefused()
    destroyRequest(request)
  }
}

/** On HTTP/2 Node emits `close` on the request when the stream closes, destroyed or not. */
export function destroyRequest(request: IncomingMessage, error?: Error): void {
  if (isStreamRequest(request)) leaveCloseToStream(request)
  request.destroy(error)
}

function leaveCloseToStream(request: IncomingMessage): void {
  const state: unknown = Reflect.get(request, '_readableState')
  if (typeof state === 'object' && state !== null) Reflect.set(state, 'emitClose', false)
}
