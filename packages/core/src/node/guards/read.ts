// The request stream, where content is asked for and handed on: `_read`, `push` and `resume`. Laws:
// - reading asks for content, discarding never does (law 2). `_read` is how a Readable asks, whatever
//   way it is read; flowing with nobody listening is discarding
// - nothing is handed on once content is refused
//
// The functions are shared and find their exchange on `this`: closures made for each request cost
// more than the guard itself.

import type { IncomingMessage } from 'node:http'
import { isHeadMade } from '../answer/kept-head.js'
import { refuseOverflow } from '../answer/refuse-midway.js'
import { destroyRequest, dropContent } from '../exchange/end-content.js'
import type { Exchange } from '../exchange/exchange.js'
import { exchangeOfRequest } from '../exchange/find-exchange.js'
import type { OriginalMethods } from '../exchange/originals.js'
import { hasReader, isListenedTo } from '../exchange/readers.js'
import { isStreamRequest } from '../exchange/request-head.js'
import { setImmediate } from '../timers.js'

type Reading = Pick<OriginalMethods, '_read' | 'push' | 'resume'>

export function guardReading(exchange: Exchange): void {
  const { request, expectation, framing, drainable } = exchange
  const guarded: Reading = request
  guarded.push = isStreamRequest(request) ? pushCounted : pushContent
  if (expectation.kind === 'none' && framing.kind === 'length' && drainable) return
  guarded.resume = resumeContent
  guardAsking(request)
}

/**
 * Asking means nothing as long as content is handed on, no 100 may be owed for it and all of it is granted:
 * a small upload of declared length that does not ask is never guarded against it.
 */
export function guardAsking(request: IncomingMessage): void {
  const guarded: Reading = request
  guarded._read = readContent
}

function guardOf(request: IncomingMessage): Exchange {
  const exchange = exchangeOfRequest(request)
  if (exchange === undefined) throw new TypeError('A guarded request has no exchange.')
  return exchange
}

function readContent(this: IncomingMessage, size: number): void {
  const exchange = guardOf(this)
  // An iterator that was left has taken the socket from the request.
  if (!exchange.handedOn || this.socket === null) return
  if (exchange.continuation === 'owed') {
    // Whoever listened when it was resumed may have gone.
    if (isDiscarding(this)) setImmediate(discardNextTurn, exchange)
    else exchange.contentWanted()
  }
  if (exchange.holdings?.credit?.waits === true) return
  exchange.originals._read.call(this, size)
  exchange.contentAsked()
}

function isDiscarding(request: IncomingMessage): boolean {
  return request.readableFlowing === true && !hasReader(request)
}

function resumeContent(this: IncomingMessage): IncomingMessage {
  const exchange = guardOf(this)
  if (isListenedTo(this)) {
    // A stream that flows already does not ask again when a listener comes.
    if (exchange.continuation === 'owed' && this.readableFlowing === true) exchange.contentWanted()
  } else if (!exchange.received) {
    // Listeners may come some promises or a turn later; content that flows meanwhile is lost, as in Node.
    setImmediate(discardNextTurn, exchange)
  }
  return exchange.originals.resume.call(this)
}

function discardNextTurn(exchange: Exchange): void {
  setImmediate(discardContent, exchange)
}

/**
 * Express's 404, finalhandler and body-parser throw content away and answer when it has ended: they
 * would wait for a client that waits for them, or for five gigabytes. It ends here.
 */
function discardContent(exchange: Exchange): void {
  const { request, response } = exchange
  if (exchange.received || isHeadMade(response) || !isDiscarding(request)) return
  if (!exchange.drainable) dropContent(exchange)
}

function pushContent(this: IncomingMessage, chunk: unknown, encoding?: BufferEncoding): boolean {
  const exchange = guardOf(this)
  if (chunk !== null) {
    exchange.contentReceived(chunk instanceof Uint8Array ? chunk.byteLength : 0)
  }
  return handOn(exchange, chunk, encoding)
}

/** On HTTP/2 the stream has counted it (stream-reading.ts). */
function pushCounted(this: IncomingMessage, chunk: unknown, encoding?: BufferEncoding): boolean {
  return handOn(guardOf(this), chunk, encoding)
}

function handOn(exchange: Exchange, chunk: unknown, encoding?: BufferEncoding): boolean {
  const { request } = exchange
  if (chunk === null) return endContent(request, exchange)
  if (exchange.handedOn && exchange.overLimit) refuseOver(exchange)
  if (!exchange.handedOn) return exchange.contentDropped()
  const more = exchange.originals.push.call(request, chunk, encoding)
  return exchange.holdings?.credit?.used() === true ? false : more
}

/** Content of undeclared length has grown past the limit. */
export function refuseOver(exchange: Exchange): void {
  if (!exchange.response.writableEnded) {
    refuseOverflow(exchange)
    return
  }
  // The answer is out: nobody can be told, and who reads on gets no more.
  exchange.contentRefused()
  destroyRequest(exchange.request)
}

function endContent(request: IncomingMessage, exchange: Exchange): boolean {
  const { handedOn } = exchange
  if (exchange.endIsWhole) {
    const more = handedOn ? exchange.originals.push.call(request, null) : false
    exchange.contentEnded()
    return more
  }
  exchange.contentBroke()
  // What carried it ended before the content did: a consumer must not take what it has for all.
  if (handedOn && !exchange.whole) destroyRequest(request)
  return false
}
