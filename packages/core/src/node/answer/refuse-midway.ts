// Content that nobody will read any more: whoever waits for it learns so, and somebody answers.

import type { IncomingMessage } from 'node:http'
import { describeError } from '../refusal/error-facts.js'
import type { Refusal } from '../refusal/refusal.js'
import { contentTimedOut, contentTooLarge } from '../refusal/stock.js'
import { writeError } from './answer.js'
import { DEFAULT_POLICY } from './default-policy.js'
import type { Exchange } from './exchange.js'
import { silence } from './silence.js'

/**
 * How long the application may take to answer a refusal that the stream raised, in milliseconds.
 * Long enough to clean up, short enough for the client; a consumer without an `error` listener
 * would never answer at all.
 */
const ANSWER_GRACE_MS = 1000

/** Ends the stream at once for those who only wait for its end; what still comes is dropped. */
export function dropContent(exchange: Exchange): void {
  if (exchange.contentRefused) return
  exchange.contentRefused = true
  if (exchange.continuation === 'owed') exchange.continuation = 'moot'
  // finalhandler asks once more after body-parser has asked: `complete` tells it not to wait.
  if (exchange.head.version !== '2.0') exchange.request.complete = true
  exchange.plain.push.call(exchange.request, null)
}

/** Content of undeclared length has grown past the limit: refused at the first byte over. */
export function overflow(exchange: Exchange, limit: number): void {
  refuseMidway(exchange, contentTooLarge(limit), 'size')
}

/** A client that asked for the 100, got it, and sends nothing must not be waited for for ever. */
export function awaitContent(exchange: Exchange): void {
  const { contentTimeoutMs } = exchange.policy ?? DEFAULT_POLICY
  exchange.contentDeadline = setTimeout(contentIsLate, contentTimeoutMs, exchange).unref()
}

function contentIsLate(exchange: Exchange): void {
  if (exchange.receivedBytes > 0 || exchange.contentComplete || exchange.settled) return
  refuseMidway(exchange, contentTimedOut(), 'content-timeout')
}

/** The consumer learns it as an error of the stream, and the application may answer it. */
function refuseMidway(exchange: Exchange, refusal: Refusal, by: string): void {
  exchange.decided({ kind: 'refuse', refusal, by })
  exchange.contentRefused = true
  if (exchange.response.headersSent) {
    exchange.cut()
    return
  }
  exchange.request.unpipe()
  failContent(exchange.request, refusal)
  answerLater(exchange, refusal)
}

/** An error that nobody listens for must not be thrown at the process (HTTP/2's requests would). */
export function failContent(request: IncomingMessage, error: Error): void {
  if (request.listenerCount('error') > 0) request.destroy(error)
  else request.destroy()
}

function answerLater(exchange: Exchange, refusal: Refusal): void {
  const timer = setTimeout(() => {
    if (exchange.response.headersSent || exchange.settled) return
    writeError(exchange.response, exchange.head, describeError(refusal))
    silence(exchange.response)
  }, ANSWER_GRACE_MS)
  exchange.response.once('close', () => clearTimeout(timer))
}

/** What a consumer learns that still waits for content when none will come. */
export function whyUnread({ decision, response }: Exchange): Error {
  return decision?.kind === 'refuse' ? decision.refusal : new ContentUnread(response.statusCode)
}

/** What a consumer learns when the answer was given before all content was read. */
export class ContentUnread extends Error {
  readonly code = 'ERR_EXPECTATION_CONTENT_UNREAD'

  /** @param status - Status of the answer that was given. */
  constructor(readonly status: number) {
    super('The response was sent before the content was read; the rest of it was dropped.')
  }
}
