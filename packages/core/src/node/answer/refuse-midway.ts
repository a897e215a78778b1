// A refusal after the gate has let the request pass: content over the limit, content that does not come,
// no more of it granted. Law: the client is answered once, by the application if it does so in time,
// and the one who reads learns it as an error of the stream.

import { describeError } from '../../refusal/error-facts.js'
import type { Refusal } from '../../refusal/refusal.js'
import type { RefusedBy } from '../../refusal/refused-by.js'
import { contentTimedOut, contentTooLarge } from '../../refusal/stock.js'
import { endDropped, failContent, raiseError } from '../exchange/end-content.js'
import type { Exchange } from '../exchange/exchange.js'
import { ExchangeWait } from '../exchange/exchange-wait.js'
import { hasReader } from '../exchange/readers.js'
import { nextTick, nowMs, setImmediate } from '../timers.js'
import { makeInert } from './inert-response.js'
import { isHeadMade, takeHeadBack } from './kept-head.js'
import { writeError } from './write-error.js'

/**
 * How long the application may take to answer a refusal that the stream raised, in milliseconds.
 * Long enough to clean up, short enough for the client. One without an `error` listener is not waited for.
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
  const begun = isHeadMade(response)
  if (begun && !takeHeadBack(response)) {
    exchange.contentRefused()
    exchange.cut()
    return
  }
  if (begun || exchange.server.answersItself) {
    // Nobody turns the error of the stream into an answer: the application has begun one, or, on a bare
    // server, there is no framework.
    request.unpipe()
    answerFor(exchange, refusal)
    failContent(exchange, refusal)
    return
  }
  exchange.contentRefused()
  const answer = new ApplicationAnswer(exchange, refusal)
  exchange.waitFor(answer)
  if (hasReader(request)) raise(exchange, refusal, answer)
  else raiseWhenRead(exchange, refusal, answer)
}

function raise(exchange: Exchange, refusal: Refusal, answer: ApplicationAnswer): void {
  exchange.request.unpipe()
  // Whoever listens for `close` alone has its turn.
  if (!raiseError(exchange, refusal)) setImmediate(giveUpWaiting, answer)
}

function giveUpWaiting(answer: ApplicationAnswer): void {
  answer.expire()
}

/**
 * Whoever comes to read later, behind a session that is looked up, learns the refusal and not that the stream is
 * gone. Those who discard see the end, in the time that the guard of `resume` gives (../guards/read.ts).
 */
function raiseWhenRead(exchange: Exchange, refusal: Refusal, answer: ApplicationAnswer): void {
  const { request } = exchange
  let isDone = false
  const look = (): void => {
    if (isDone || request.destroyed) return
    const isRead = hasReader(request)
    isDone = isRead || request.readableFlowing === true
    if (isRead) raise(exchange, refusal, answer)
    else if (isDone) endDropped(exchange)
  }
  request.on('newListener', (name: string | symbol) => {
    if (name === 'data' || name === 'readable') nextTick(look)
  })
  request.on('resume', () => setImmediate(setImmediate, look))
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
    if (isHeadMade(exchange.response) || exchange.settled) return
    this.inItsContext(() => {
      answerFor(exchange, refusal)
      failContent(exchange, refusal)
    })
  }
}
