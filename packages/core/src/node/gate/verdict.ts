// What a decision means for whoever mounted the gate: at once, or when it is there.

import type { IncomingMessage } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { Decision } from '../decide/decision.js'
import type { Interview, Reporter } from '../decide/interview.js'
import type { Policy } from '../policy/policy.js'
import type { Refusal } from '../refusal/refusal.js'
import { adviseOnPass } from './advice/exchange-advice.js'
import { adviseOnDecision } from './advice/patience.js'
import { publishDecisionEnd, publishDecisionStart } from './channels.js'
import { type Exchange, exchangeOfRequest } from './exchange.js'

/** `gone`: the client left while a check was asking; there is nobody to answer. */
export type Verdict = 'pass' | 'gone' | Refusal

/** @param exchange - `undefined` for a request that no server of ours brought. */
export function verdictOn(
  exchange: Exchange | undefined,
  policy: Policy,
  decision: Decision,
): Verdict {
  exchange?.decided(decision)
  if (decision.kind === 'refuse') return decision.refusal
  if (policy.continueTiming === 'after-checks') exchange?.sendContinue()
  if (exchange !== undefined) adviseOnPass(exchange)
  return 'pass'
}

/** Whoever waits for a verdict. */
export interface VerdictListener {
  known(verdict: Verdict): void
  /** Told what a check threw, if it was not a `Refusal`. */
  failed(error: Error): void
}

/**
 * A verdict that is not there yet. No promise: two of three frameworks continue by callback, and
 * thousands of requests may wait.
 */
export class PendingVerdict implements Reporter {
  readonly #request: IncomingMessage
  readonly #policy: Policy
  #listener: VerdictListener | undefined

  constructor(request: IncomingMessage, policy: Policy, interview: Interview) {
    this.#request = request
    this.#policy = policy
    const exchange = exchangeOfRequest(request)
    if (exchange !== undefined) exchange.interview = interview
    publishDecisionStart(request)
    interview.report(this)
  }

  /** Says who waits; to be called once, in the turn in which the gate gave this. */
  whenKnown(listener: VerdictListener): void {
    this.#listener = listener
  }

  decided(decision: Decision): void {
    publishDecisionEnd(this.#request, decision)
    const exchange = exchangeOfRequest(this.#request)
    if (exchange !== undefined) adviseOnDecision(performance.now() - exchange.startedAt)
    const gone = exchange?.left === true
    this.#listener?.known(gone ? 'gone' : verdictOn(exchange, this.#policy, decision))
  }

  failed(error: Error): void {
    publishDecisionEnd(this.#request)
    if (exchangeOfRequest(this.#request)?.left === true) this.#listener?.known('gone')
    else this.#listener?.failed(error)
  }

  abandoned(): void {
    publishDecisionEnd(this.#request)
    this.#listener?.known('gone')
  }
}
