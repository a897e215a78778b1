// The request stream, guarded: the only touch of a stream's internals. Laws:
// - reading asks for content, discarding never does (law 2). `_read` is how a Readable asks, whatever
//   way it is read; flowing with nobody listening is discarding
// - nothing is handed on once content is refused, and whoever waits learns it
//
// The functions are shared and find their exchange on `this`: closures made for each request cost
// more than the guard itself.

import type { IncomingMessage } from 'node:http'
import { dropContent, failContent, overflow, whyUnread } from './content-refused.js'
import { type Exchange, exchangeOfRequest } from './exchange.js'
import type { PlainMethods } from './plain-methods.js'

export function guardContent(request: IncomingMessage): void {
  const guarded: Pick<PlainMethods, '_read' | 'push' | 'resume'> = request
  guarded._read = readContent
  guarded.push = pushContent
  guarded.resume = resumeContent
}

function guardOf(request: IncomingMessage): Exchange {
  const exchange = exchangeOfRequest(request)
  if (exchange === undefined) throw new TypeError('A guarded request has no exchange.')
  return exchange
}

function readContent(this: IncomingMessage, size: number): void {
  const exchange = guardOf(this)
  if (exchange.contentRefused || this.socket === null) return
  if (exchange.continuation === 'owed' && !isDiscarding(this)) exchange.sendContinue()
  exchange.plain._read.call(this, size)
}

function isDiscarding(request: IncomingMessage): boolean {
  return (
    request.readableFlowing === true &&
    request.listenerCount('data') === 0 &&
    request.listenerCount('readable') === 0
  )
}

function resumeContent(this: IncomingMessage): IncomingMessage {
  if (this.listenerCount('data') === 0 && this.listenerCount('readable') === 0) {
    // Before the stream's own tick: `resume()` may be followed by `on('data')` in the same one.
    process.nextTick(discardContent, this)
  }
  return guardOf(this).plain.resume.call(this)
}

/**
 * Express's 404, finalhandler and body-parser throw content away and answer when it has ended: they
 * would wait for a client that waits for them, or for five gigabytes. It ends here and now.
 */
function discardContent(request: IncomingMessage): void {
  const exchange = guardOf(request)
  if (exchange.contentComplete || exchange.response.headersSent || !isDiscarding(request)) return
  if (!exchange.drainable) dropContent(exchange)
}

function pushContent(this: IncomingMessage, chunk: unknown, encoding?: BufferEncoding): boolean {
  const exchange = guardOf(this)
  if (chunk === null) {
    if (!exchange.endIsWhole) return endEarly(this, exchange)
    exchange.contentArrived = true
    const more = exchange.contentRefused ? false : exchange.plain.push.call(this, chunk)
    exchange.onContentComplete?.(exchange)
    return more
  }
  const bytes = chunk instanceof Uint8Array ? chunk.byteLength : 0
  exchange.receivedBytes += bytes
  if (exchange.draining) return true
  if (exchange.contentRefused) return false
  const { limit } = exchange
  if (limit !== undefined && exchange.receivedBytes > limit && isCounted(exchange)) {
    overflow(exchange, limit)
    return false
  }
  return exchange.plain.push.call(this, chunk, encoding)
}

/** A declared length was decided from the head, and a whole answer needs no second refusal. */
function isCounted(exchange: Exchange): boolean {
  return (
    exchange.framing.kind === 'unknown' &&
    exchange.decision?.kind !== 'refuse' &&
    !exchange.response.writableEnded
  )
}

/** The carrier ended before the content did: a consumer must not take what it has for all. */
function endEarly(request: IncomingMessage, exchange: Exchange): false {
  if (!exchange.contentRefused) {
    exchange.contentRefused = true
    failContent(request, whyUnread(exchange))
  }
  return false
}
