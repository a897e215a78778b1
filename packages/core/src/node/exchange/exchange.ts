// One request and its response while the library looks after them. Laws:
// - it answers one question for everybody: is a 100 still owed? Every event that changes the answer
//   is a method here, and the states only move forward
// - it holds facts and moves between them; what carries it, an HTTP/1 connection or an HTTP/2 stream,
//   is known only to its two kinds, in http1/ and http2/

import type { IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { Decision } from '../decide/decision.js'
import type { Interview } from '../decide/interview.js'
import { type Reading, readHead } from '../decide/reading.js'
import type { Framing } from '../head/framing.js'
import type { RequestHead } from '../head/request-head.js'
import type { ConnectionEnd } from '../outcome/outcome.js'
import type { Expectation } from '../parse/expect.js'
import type { Policy } from '../policy/policy.js'
import { publishAnswer, publishContinue, publishDecision } from './channels.js'
import {
  isObserved,
  type LingerRecord,
  type ObservingGate,
  publishOutcome,
} from './outcome-record.js'
import { type PlainMethods, plainMethodsOf } from './plain-methods.js'
import { readRequestHead } from './request-head.js'

const EXCHANGE = Symbol.for('@expectation/core.exchange')
const NO_GATES: readonly ObservingGate[] = Object.freeze([])

type Carrier = object & { [EXCHANGE]?: Exchange }

/** The exchange that a request or a response belongs to, if the library looks after it. */
export function exchangeOf(message: IncomingMessage | ServerResponse): Exchange | undefined {
  return (message as Carrier)[EXCHANGE]
}

// The same for each kind of message. V8 remembers four shapes for each place that reads a property;
// where requests and responses meet, every read is a search: a third of what a small POST cost more.

export function exchangeOfRequest(request: IncomingMessage): Exchange | undefined {
  return (request as Carrier)[EXCHANGE]
}

export function exchangeOfResponse(response: ServerResponse): Exchange | undefined {
  return (response as Carrier)[EXCHANGE]
}

/** The head of a request, as it was read when it came. */
export function requestHeadOf(request: IncomingMessage): RequestHead {
  return exchangeOfRequest(request)?.head ?? readRequestHead(request)
}

/**
 * - `none`: nobody asked for a 100
 * - `owed`: the client waits for it, or may wait
 * - `sent`: it is on the wire
 * - `moot`: no longer to be sent; content came without it, or the final head is out (R13, R18)
 */
export type Continuation = 'none' | 'owed' | 'sent' | 'moot'

export abstract class Exchange implements Reading {
  readonly plain: PlainMethods
  readonly head: RequestHead
  readonly framing: Framing
  readonly expectation: Expectation
  readonly startedAt = performance.now()
  continuation: Continuation
  /** Content bytes handed over by the parser so far. */
  receivedBytes = 0
  /** Most content bytes that the gates allow together; `undefined`: any number. */
  limit: number | undefined
  /** The parser has seen the end of the content; `request.complete` is also true once content is dropped. */
  contentArrived = false
  /** Content that still comes is dropped; the application has seen the end of it, or an error. */
  contentRefused = false
  /** The client is gone; nobody waits for an answer. */
  left = false
  /** Ends the wait for content: for the first after a 100, or for a rest that is dropped. */
  contentDeadline: NodeJS.Timeout | undefined
  /** We broke the exchange off ourselves. */
  protected wasCut = false
  decision: Decision | undefined
  continueAt: number | undefined
  decidedAt: number | undefined
  clientWaited: boolean | undefined
  /** Reason in the answer, when an error was answered. */
  reason: string | undefined
  /** Content is read and dropped: the connection will be kept, or the answer is still to arrive. */
  draining = false
  /** The application reads, and the 100 has to wait for the responses before it (R29). */
  continueWanted = false
  /** Called when the 100 has been written. */
  onContinueSent: ((exchange: Exchange) => void) | undefined
  /** Called when the last byte of the content has come. */
  onContentComplete: ((exchange: Exchange) => void) | undefined
  /** What a bare server's gate has to answer. */
  failure: unknown
  /** Asks the checks of the gate that was reached last. */
  interview: Interview | undefined
  #gate: ObservingGate | undefined
  /** Gates that were reached before; hardly ever is there one. */
  #earlier: readonly ObservingGate[] = NO_GATES
  #source: object | undefined
  #settled = false

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    continueAlreadySent: boolean,
  ) {
    this.plain = plainMethodsOf(request, response)
    this.head = readRequestHead(request)
    const { framing, expectation } = readHead(this.head)
    this.framing = framing
    this.expectation = expectation
    const asks = expectation.kind === 'continue' && framing.kind !== 'none'
    this.continuation = asks ? (continueAlreadySent ? 'sent' : 'owed') : 'none'
    // Each by itself, for the same reason as the look-ups.
    const requestCarrier: Carrier = request
    requestCarrier[EXCHANGE] = this
    const responseCarrier: Carrier = response
    responseCarrier[EXCHANGE] = this
  }

  /** Breaks off what carries the exchange: half an answer must not look like a whole one. */
  abstract cut(): void

  /** What carries the exchange is gone; nothing reaches the client any more. */
  abstract get carrierGone(): boolean

  /** The whole answer has been handed to the network. */
  abstract get answered(): boolean

  /** The response is the one whose turn it is on what carries it. */
  abstract get itsTurn(): boolean

  /** Unread content is little enough, and sure enough to come, to be read and dropped. */
  abstract get drainable(): boolean

  /** Is the end that the stream reports the end of the content, or of the carrier? */
  abstract get endIsWhole(): boolean

  /** The exchange is settled; what waited behind it may go on. */
  protected abstract released(): void

  get settled(): boolean {
    return this.#settled
  }

  get contentComplete(): boolean {
    return this.framing.kind === 'none' || this.contentArrived
  }

  /** Policy of the gate that was reached last; its bounds and format are the ones in force. */
  get policy(): Policy | undefined {
    return this.#gate?.policy
  }

  /** A gate was reached: from here on its bounds hold, and it is told the outcome. */
  entered(gate: ObservingGate, source: object): void {
    if (this.#gate !== undefined && this.#gate !== gate) {
      this.#earlier = [...this.#earlier.filter((earlier) => earlier !== gate), this.#gate]
    }
    this.#gate = gate
    this.#source = source
  }

  /** A gate has spoken. Gates narrow: the smallest limit holds, the first refusal stands. */
  decided(decision: Decision): void {
    if (isObserved(this.#gate, this.#earlier)) this.decidedAt = performance.now()
    this.decision = decision
    const limit = this.policy?.maxContentLength
    if (limit !== undefined) this.limit = Math.min(this.limit ?? limit, limit)
    if (decision.kind === 'refuse') this.reason = decision.refusal.reason
    publishDecision(this.request, decision)
    // A policy may honour a 100-continue that stands beside other members.
    if (decision.kind === 'continue' && this.continuation === 'none') this.continuation = 'owed'
  }

  /**
   * Writes the 100 if it is owed. Exactly one, never after the final head, never once content has
   * begun to come (RFC 9110 section 10.1.1, R13; Node 22 and older would write it into the body).
   */
  sendContinue(): void {
    if (this.continuation !== 'owed') return
    this.clientWaited ??= this.receivedBytes === 0 && !this.contentComplete
    if (this.response.headersSent || !this.clientWaited) {
      this.continuation = 'moot'
      return
    }
    this.continueWanted = !this.itsTurn
    if (this.continueWanted) return
    this.continuation = 'sent'
    this.continueAt = performance.now()
    this.plain.writeContinue.call(this.response)
    publishContinue(this.request, this.continueAt - this.startedAt)
    this.onContinueSent?.(this)
  }

  /** The final head is written: from here on no 100 is owed. */
  finalHead(status: number): void {
    publishAnswer(this.request, status, this.reason)
    if (this.continuation !== 'owed') return
    this.clientWaited ??= this.receivedBytes === 0 && !this.contentComplete
    this.continuation = 'moot'
  }

  /** The client left, or the connection broke, before the answer was whole. */
  clientLeft(): void {
    this.left = true
    this.interview?.abandon(new Error('The client closed the connection before it was answered.'))
  }

  settle(connection: ConnectionEnd, linger?: LingerRecord): void {
    if (this.#settled) return
    this.#settled = true
    clearTimeout(this.contentDeadline)
    if (isObserved(this.#gate, this.#earlier)) {
      const clientGone = !this.wasCut && !this.answered
      const ending = { connection, clientGone, linger }
      publishOutcome(
        this,
        { gate: this.#gate, earlier: this.#earlier, source: this.#source },
        ending,
      )
    }
    this.released()
  }
}
