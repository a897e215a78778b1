// One request and its response while the library looks after them. Laws:
// - its state is its own: everybody else tells it what has happened, and reads what follows
// - it acts in few ways: it writes the 100 that is owed, gives back what checks hold, cuts, and says what it knows
// - what carries it, an HTTP/1 connection or an HTTP/2 stream, is known only to its two kinds

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Decision } from '../../decide/decision.js'
import type { PendingDecision } from '../../decide/pending-decision.js'
import { type HeadFacts, readHeadFacts } from '../../head/head-facts.js'
import type { RequestHead } from '../../head/request-head.js'
import type { ContinuationEvent } from '../../lifecycle/continuation.js'
import { RequestProgress } from '../../lifecycle/request-progress.js'
import type { ConnectionEnd } from '../../outcome/outcome.js'
import type { Expectation } from '../../parse/expect.js'
import type { PolicyInForce } from '../../policy/in-force.js'
import type { Refusal } from '../../refusal/refusal.js'
import { type AsyncContext, currentContext, inContext } from '../observe/async-context.js'
import { publishAnswer, publishContinue, publishDecision } from '../observe/channels.js'
import { GatesMet, type ObservingGate } from '../observe/gates-met.js'
import { isSubscribed, type LingerRecord, publishOutcome } from '../observe/outcome.js'
import { nowMs } from '../timers.js'
import type { Wait } from './deadlines.js'
import { Holdings } from './holdings.js'
import { type OriginalMethods, originalMethodsOf } from './originals.js'
import { isRead } from './readers.js'
import { readRequestHead } from './request-head.js'
import type { ServerContext } from './server-context.js'

/** Told what an exchange cannot act on by itself. */
export interface ExchangeListener {
  /** The 100 is written. */
  continueSent(exchange: Exchange): void
  /** Nobody gets any more of it. */
  contentRefused(request: IncomingMessage): void
  /** The end of the content has come. */
  contentEnded(exchange: Exchange): void
  /** No more content is granted. */
  creditRefused(exchange: Exchange, refusal: Refusal): void
}

export abstract class Exchange extends RequestProgress implements HeadFacts {
  readonly originals: OriginalMethods
  readonly startedAt = nowMs()
  readonly head: RequestHead
  readonly expectation: Expectation
  #gates = GatesMet.none
  #frameworkRequest: object | undefined
  #context: AsyncContext | undefined
  #decision: Decision | undefined
  #decidedAt: number | undefined
  #continueAt: number | undefined
  #status: number | undefined
  #reason: string | undefined
  #pending: PendingDecision | undefined
  #holdings: Holdings | undefined
  #wait: Wait | undefined
  #left = false
  #cut = false
  #answeredFor = false
  #whole = false
  #settled = false

  /** @param continueSent - Node has written the 100 before the library saw the request. */
  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    private readonly listener: ExchangeListener,
    { continueSent, complete }: { readonly continueSent: boolean; readonly complete: boolean },
  ) {
    const head = readRequestHead(request)
    const { framing, expectation } = readHeadFacts(head)
    const asks = framing.kind !== 'none' && expectation.kind === 'continue'
    super({ framing, asks, continueSent, complete, bufferedBytes: request.readableLength })
    this.head = head
    this.expectation = expectation
    this.originals = originalMethodsOf(request, response)
  }

  abstract readonly server: ServerContext

  /** What carries the exchange is gone; nothing reaches the client any more. */
  abstract get gone(): boolean

  /** The whole answer has been handed to the network. */
  abstract get answered(): boolean

  /** The response is the one whose turn it is on what carries it (R29). */
  abstract get itsTurn(): boolean

  /** Unread content may be read and dropped, and the connection kept. */
  abstract get drainable(): boolean

  /** The end that the stream reports is the end of the content, and not of what carries it. */
  abstract get endIsWhole(): boolean

  /** The stream of the request has asked for content. */
  abstract contentAsked(): void

  /** Content has come that nobody gets. @returns Whether to read on at once. */
  abstract contentDropped(): boolean

  /** Breaks off what carries the exchange: half an answer must not look like a whole one. */
  protected abstract destroyCarrier(): void
  /** The exchange is settled; what it stood in the way of may go on. */
  protected abstract released(): void
  protected abstract writeContinue(): void

  get policy(): PolicyInForce {
    return this.#gates.policy ?? this.server.policy
  }

  get decision(): Decision | undefined {
    return this.#decision
  }

  get decidedAt(): number | undefined {
    return this.#decidedAt
  }

  get continueAt(): number | undefined {
    return this.#continueAt
  }

  /** Of the final head: the application may set `statusCode` behind it. */
  get status(): number | undefined {
    return this.#status
  }

  /** Reason in the answer, when an error was answered. */
  get reason(): string | undefined {
    return this.#reason
  }

  /** The client is gone; nobody waits for an answer. */
  get left(): boolean {
    return this.#left
  }

  /** The answer is whole, and what becomes of the rest is decided. */
  get whole(): boolean {
    return this.#whole
  }

  get settled(): boolean {
    return this.#settled
  }

  /** What checks hold for it, and the content that they grant. */
  get holdings(): Holdings | undefined {
    return this.#holdings
  }

  gateMet(gate: ObservingGate, frameworkRequest: object): void {
    this.#gates = this.#gates.and(gate)
    this.#frameworkRequest = frameworkRequest
    // Only where somebody is told: in Node 20 a context is an object, and kept with what it holds.
    if (this.observed) this.#context = currentContext()
  }

  /** Somebody would be told the outcome: if not, none is made. */
  private get observed(): boolean {
    return this.#gates.observe || isSubscribed()
  }

  /** A decision waits for the answers of checks. */
  decisionPends(pending: PendingDecision): void {
    this.#pending = pending
  }

  /** Gates narrow: the least limit holds, the first refusal stands. */
  decided(decision: Decision, limit: number | undefined): void {
    if (this.observed) this.#decidedAt = nowMs()
    if (this.#decision?.kind !== 'refuse') this.#decision = decision
    this.allow(limit)
    if (decision.kind === 'refuse') {
      this.#reason = decision.refusal.reason
    } else if (decision.grants !== undefined) {
      this.#holdings ??= new Holdings(this, (refusal) => this.listener.creditRefused(this, refusal))
      this.#holdings.add(decision.grants)
    }
    publishDecision(this.request, decision)
    // A policy may honour a 100-continue that stands beside members that it ignores.
    if (decision.kind === 'continue' && this.receivedBytes === 0 && !this.received) {
      this.continues('honour')
    }
  }

  reasonGiven(reason: string): void {
    this.#reason = reason
  }

  /** Somebody reads the content, or may begin to: the 100 goes out if it is owed. */
  contentWanted(): void {
    if (this.continuation !== 'owed') return
    if (this.response.writableEnded) this.continues('final')
    else this.continues(this.itsTurn ? 'want' : 'want-behind')
  }

  /** The responses before this one are out. */
  turnCame(): void {
    this.continues(this.response.writableEnded && !isRead(this) ? 'final' : 'turn')
  }

  contentReceived(bytes: number): void {
    if (this.count(bytes)) this.continues('content')
  }

  contentEnded(): void {
    this.moveContent('end')
    this.continues('content')
    this.listener.contentEnded(this)
  }

  /** From here on nobody gets any more of it. */
  contentRefused(): void {
    this.moveContent('refuse')
    this.listener.contentRefused(this.request)
    this.continues('final')
  }

  contentBroke(): void {
    this.moveContent('break')
  }

  /**
   * Node has taken the final head. One below 400 says that the application went on behind a refusal it was told.
   *
   * @param onWire - It is out. A 2xx may be kept back until its first byte: the 100 may still go before it.
   */
  finalHead(status: number, onWire: boolean): void {
    this.#status = status
    if (status < 400) this.#reason = undefined
    publishAnswer(this.request, status, this.#reason)
    if (onWire || status >= 300 || !this.handedOn) this.continues('final')
  }

  /** The application writes the last of its answer: no 100 goes before it any more. */
  responseEnds(): void {
    this.continues('final')
  }

  /** The library has answered in the application's place: whatever the application does now is late. */
  answeredForApplication(): void {
    this.#answeredFor = true
  }

  /** The answer is whole and flushed. What checks hold is given back, before any linger. */
  answerWhole(): void {
    this.#whole = true
    this.continues('final')
    this.#holdings?.release({ why: 'answered', receivedBytes: this.receivedBytes })
  }

  /** The client left, or the connection broke, before the answer was whole. */
  clientLeft(): void {
    this.#left = true
    this.#holdings?.releaseLater({ why: 'gone', receivedBytes: this.receivedBytes })
    this.#pending?.abandon(new Error('The client closed the connection before it was answered.'))
  }

  /** Its one wait: for content, for the rest of it, or for the answer to be taken. None once it is over. */
  waitFor(wait: Wait): void {
    this.#wait?.leave()
    this.#wait = wait
    if (!this.#settled) this.server.waits.add(wait)
  }

  waitNoLonger(): void {
    this.#wait?.leave()
    this.#wait = undefined
  }

  cut(): void {
    if (this.#answeredFor) return
    this.#cut = true
    this.destroyCarrier()
  }

  settle(connection: ConnectionEnd, linger?: LingerRecord): void {
    if (this.#settled) return
    this.#settled = true
    this.waitNoLonger()
    this.#holdings?.releaseLater({ why: 'gone', receivedBytes: this.receivedBytes })
    if (this.observed) {
      const clientGone = !this.#cut && !this.answered
      const ending = { connection, clientGone, linger, frameworkRequest: this.#frameworkRequest }
      inContext(this.#context, () => publishOutcome(this, this.#gates, ending))
    }
    this.server.exchangeSettled()
    this.released()
  }

  private continues(event: ContinuationEvent): void {
    if (!this.moveContinuation(event)) return
    this.#continueAt = nowMs()
    this.writeContinue()
    publishContinue(this.request, this.#continueAt - this.startedAt)
    this.listener.continueSent(this)
  }
}
