// The whole decision: the rules of `decide`, then the application's own questions in order.
// First refusal wins.

import { type HeadFacts, readHeadFacts } from '../head/head-facts.js'
import type { RequestHead } from '../head/request-head.js'
import type { Policy } from '../policy/policy.js'
import { decideFacts } from './decide.js'
import type { Decision } from './decision.js'
import { PendingDecision, type PendingKind, type Subject } from './pending-decision.js'
import { questionsFor } from './questions.js'

/** What the questions about one request share. */
export interface DecideContext {
  /** Given to checks as it is. */
  readonly request: unknown
  /** Aborts when the client is gone. Default: nobody can tell. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Decides by head, policy, extension expectations and checks.
 *
 * @returns The decision itself when every question answered at once; else a promise of it. What its
 * `grants` hold is for the caller to release.
 * @throws What a check throws that is no `Refusal`, an `OptionError` for an answer that is neither
 * nothing nor a refusal, and the reason of `context.signal` once it has aborted. Thrown at once, or
 * as a rejection after the first promise.
 */
export function decideFully(
  head: RequestHead,
  policy: Policy,
  { request, signal }: DecideContext,
): Decision | Promise<Decision> {
  const begun = beginDecision(readHeadFacts(head), { head, policy, request }, Promised, signal)
  return begun instanceof Promised ? begun.promise(signal) : begun
}

/** {@link decideFully} for a caller that waits without a promise: the decision, or who will make it. */
export function beginDecision<Asked extends Subject, Pending extends PendingDecision>(
  facts: HeadFacts,
  subject: Asked,
  Kind: PendingKind<Asked, Pending>,
  signal?: AbortSignal,
): Decision | Pending {
  const { head, policy } = subject
  const decision = decideFacts(facts, head, policy)
  if (decision.kind === 'refuse') return decision
  const questions = questionsFor(facts, policy)
  if (questions.length === 0) return decision
  const pending = new Kind(subject, questions, decision)
  return pending.begin(signal) ?? pending
}

class Promised extends PendingDecision {
  #settle: { resolve(decision: Decision): void; reject(reason: unknown): void } | undefined
  #release = (): void => {}

  promise(signal: AbortSignal | undefined): Promise<Decision> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      const leave = () => this.abandon(signal?.reason)
      signal?.addEventListener('abort', leave)
      this.#release = () => signal?.removeEventListener('abort', leave)
      this.wait()
      // An abort that came before the listener is not told again.
      if (signal?.aborted) leave()
    })
  }

  protected override decided(decision: Decision): void {
    this.#release()
    this.#settle?.resolve(decision)
  }

  protected override failed(error: Error): void {
    this.#release()
    this.#settle?.reject(error)
  }

  protected override abandoned(reason: unknown): void {
    this.#release()
    this.#settle?.reject(reason)
  }
}
