// A refusal after the gate has let the request pass: content over the limit, content that does not come,
// no more of it granted. Law: the client is answered once, by the application if it does so in time,
// and the one who reads learns it as an error of the stream.

import type { RefusedBy } from '../../decide/decision.js'
import { describeError } from '../../refusal/error-facts.js'
import type { Refusal } from '../../refusal/refusal.js'
import { contentTimedOut, contentTooLarge } from '../../refusal/stock.js'
import { failContent } from '../exchange/end-content.js'
import type { Exchange } from '../exchange/exchange.js'
import { ExchangeWait } from '../exchange/exchange-wait.js'
import { nowMs } from '../timers.js'
import { makeInert } from './inert-response.js'
import { takeHeadBack } from './kept-head.js'
import { writeError } from './write-error.js'

/**
 * How long the application may take to answer a refusal that the stream raised, in milliseconds.
 * Long enough to clean up, short enough for the client; a consumer without an `error` listener
 * would never answer at all.
 */
const ANSWER_GRACE_MS = 1000

/** Content of undeclared length has grown past the limit: refused at the first byte over. */
export function refuseOverflow(exchange: Exchange): void {
  refuseMidway(exchange, contentTooLarge(exchange.limit ?? 0), 'size')
}

/** A client that asked for the 100 and got it is ready to send: 408 if no content follows. */
export function awaitContent(exchange: Exchange): void {
  if (!exchange.received) exchange.waitFor(new FirstContent(exchange))
}

export function refuseMidway(exchange: Exchange, refusal: Refusal, by: RefusedBy): void {
  exchange.decided({ kind: 'refuse', refusal, by }, undefined)
  const { request, response } = exchange
  const begun = response.headersSent
  if (begun && !takeHeadBack(response)) {
    exchange.contentRefused()
    exchange.cut()
    return
  }
  request.unpipe()
  if (begun || exchange.server.answersItself) {
    // Nobody turns the error of the stream into an answer: the application has begun one, or, on a bare
    // server, there is no framework.
    answerFor(exchange, refusal)
    failContent(exchange, refusal)
  } else {
    failContent(exchange, refusal)
    exchange.waitFor(new ApplicationAnswer(exchange, refusal))
  }
}

function answerFor(exchange: Exchange, refusal: Refusal): void {
  writeError(exchange.response, exchange.head, describeError(refusal))
  exchange.answeredForApplication()
  makeInert(exchange.response)
}

class FirstContent extends ExchangeWait {
  readonly deadline: number

  constructor(private readonly exchange: Exchange) {
    super()
    this.deadline = nowMs() + exchange.policy.contentTimeoutMs
  }

  override expire(): void {
    this.leave()
    const { exchange } = this
    if (exchange.receivedBytes > 0 || exchange.received || exchange.settled) return
    this.inItsContext(() => refuseMidway(exchange, contentTimedOut(), 'content-timeout'))
  }
}

class ApplicationAnswer extends ExchangeWait {
  readonly deadline = nowMs() + ANSWER_GRACE_MS

  constructor(
    private readonly exchange: Exchange,
    private readonly refusal: Refusal,
  ) {
    super()
  }

  override expire(): void {
    this.leave()
    const { exchange, refusal } = this
    if (exchange.response.headersSent || exchange.settled) return
    this.inItsContext(() => answerFor(exchange, refusal))
  }
}
