// What a decision means for whoever mounted the gate: at once, or when it is there.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { asError } from '../../decide/as-error.js'
import { type Decision, type PassDecision, refuse } from '../../decide/decision.js'
import { PendingDecision, type Subject } from '../../decide/pending-decision.js'
import type { Question } from '../../decide/question.js'
import { least } from '../../policy/in-force.js'
import type { Policy } from '../../policy/policy.js'
import type { Refusal } from '../../refusal/refusal.js'
import { contentTooLarge } from '../../refusal/stock.js'
import { adviseOnPass } from '../advice/exchange-advice.js'
import { adviseOnDecision } from '../advice/slow-checks.js'
import type { Exchange } from '../exchange/exchange.js'
import { exchangeOfRequest } from '../exchange/find-exchange.js'
import { releaseAll } from '../exchange/holdings.js'
import { publishDecisionEnd, publishDecisionStart } from '../observe/channels.js'
import { nowMs, setImmediate } from '../timers.js'

/** `gone`: the client left while a check was asking; there is nobody to answer. */
export type Verdict = 'pass' | 'gone' | Refusal

interface Judged {
  /** `undefined` for a request that no server of ours brought. */
  readonly exchange: Exchange | undefined
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly policy: Policy
}

export function verdictOn(
  { exchange, request, response, policy }: Judged,
  made: Decision,
): Verdict {
  if (exchange === undefined) return withoutExchange(response, countedWhole(request, policy, made))
  const limit = least(exchange.limit, limitOf(policy, made))
  const decision = counted(exchange, limit, made)
  exchange.decided(decision, limit)
  if (decision.kind === 'refuse') return decision.refusal
  if (policy.continueTiming === 'after-checks') exchange.contentWanted()
  adviseOnPass(exchange)
  return 'pass'
}

/** As it was written, or found for this request; and what grants allow that cannot be asked for more. */
function limitOf(policy: Policy, decision: Decision): number | undefined {
  if (decision.kind === 'refuse') return policy.maxContentLength
  const { maxContentLength = policy.maxContentLength, grants } = decision
  // Most requests have none, and allocate nothing here.
  return grants === undefined
    ? maxContentLength
    : grants.reduce(
        (limit, { bytes, extensible }) => (extensible ? limit : least(limit, bytes)),
        maxContentLength,
      )
}

/** Content of undeclared length that came while nobody knew the limit: it is compared now. */
function counted(exchange: Exchange, limit: number | undefined, decision: Decision): Decision {
  const over =
    limit !== undefined && exchange.framing.kind === 'unknown' && exchange.receivedBytes > limit
  return over ? overLimit(decision, limit, exchange.receivedBytes) : decision
}

/** Content of undeclared length that had come whole before the server was known. */
function countedWhole(request: IncomingMessage, policy: Policy, decision: Decision): Decision {
  const limit = limitOf(policy, decision)
  const { headers, complete } = request
  if (limit === undefined || headers['transfer-encoding'] === undefined) return decision
  // What tests make in place of a request may be no stream: then nothing has come, and it has no length.
  const over = complete && request.readableLength > limit
  return over ? overLimit(decision, limit, request.readableLength) : decision
}

function overLimit(decision: Decision, limit: number, receivedBytes: number): Decision {
  if (decision.kind === 'refuse') return decision
  if (decision.grants !== undefined) releaseAll(decision.grants, { why: 'refused', receivedBytes })
  return refuse('size', contentTooLarge(limit))
}

/** What checks hold for a request without an exchange is given back when its response is over. */
function withoutExchange(response: ServerResponse, decision: Decision): Verdict {
  if (decision.kind === 'refuse') return decision.refusal
  const { grants } = decision
  if (grants !== undefined) {
    response.once('close', () => {
      const why = response.writableFinished ? 'answered' : 'gone'
      releaseAll(grants, { why, receivedBytes: 0 })
    })
  }
  return 'pass'
}

/** What a verdict is about: an exchange, or the messages of a request that no server of ours brought. */
export interface Messages {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Whoever waits for a verdict: of one request, or of many at a time. */
export interface VerdictListener {
  known(verdict: Verdict, about: Messages): void
  /** Told what a check threw, if it was not a `Refusal`. */
  failed(error: Error, about: Messages): void
}

/** What a gate asks about. */
interface Asked extends Subject {
  readonly messages: Messages
}

/**
 * A verdict that is not there yet. No promise: two of three frameworks continue by callback, and
 * thousands of requests may wait.
 */
export class PendingVerdict extends PendingDecision {
  readonly #messages: Messages
  #listener: VerdictListener | undefined

  constructor(subject: Asked, questions: readonly Question[], otherwise: PassDecision) {
    super(subject, questions, otherwise)
    this.#messages = subject.messages
  }

  /** Not every check has answered at once. */
  override wait(): void {
    const { request } = this.#messages
    exchangeOfRequest(request)?.decisionPends(this)
    publishDecisionStart(request)
    super.wait()
  }

  /** A process that stood still runs its timers before it reads what has come: the answer of a check may be there. */
  override expire(): void {
    setImmediate(() => super.expire())
  }

  /** Says who waits; to be called once, in the turn in which the gate gave this. */
  whenKnown(listener: VerdictListener): void {
    this.#listener = listener
  }

  protected override decided(decision: Decision): void {
    const { request, response } = this.#messages
    publishDecisionEnd(request, decision)
    const exchange = exchangeOfRequest(request)
    if (exchange !== undefined) adviseOnDecision(nowMs() - exchange.startedAt)
    let verdict: Verdict
    try {
      verdict = verdictOn({ exchange, request, response, policy: this.policy }, decision)
    } catch (error) {
      // A refusal whose properties throw: nothing can be told of it.
      this.fails(asError(error))
      return
    }
    this.tell(exchange?.left === true ? 'gone' : verdict)
  }

  protected override failed(error: Error): void {
    publishDecisionEnd(this.#messages.request)
    this.fails(error)
  }

  private fails(error: Error): void {
    if (exchangeOfRequest(this.#messages.request)?.left === true) this.tell('gone')
    else this.#listener?.failed(error, this.#messages)
  }

  protected override abandoned(): void {
    publishDecisionEnd(this.#messages.request)
    this.tell('gone')
  }

  private tell(verdict: Verdict): void {
    this.#listener?.known(verdict, this.#messages)
  }
}
