// The whole decision: the rules of `decide`, then the application's own questions in order.
// First refusal wins.

import type { RequestHead } from '../head/request-head.js'
import type { Policy } from '../policy/policy.js'
import { decideReading } from './decide.js'
import type { Decision } from './decision.js'
import { Interview, type Subject } from './interview.js'
import { questionsFor } from './questions.js'
import { type Reading, readHead } from './reading.js'

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
 * @returns The decision itself when every question answered at once; else a promise of it.
 * @throws What a check throws that is no `Refusal`, an `OptionError` for an answer that is neither
 * nothing nor a refusal, and the reason of `context.signal` once it has aborted. Thrown at once, or
 * as a rejection after the first promise.
 */
export function decideFully(
  head: RequestHead,
  policy: Policy,
  { request, signal }: DecideContext,
): Decision | Promise<Decision> {
  const begun = beginDecision(readHead(head), { head, policy, request }, signal)
  return begun instanceof Interview ? promiseOf(begun, signal) : begun
}

/** {@link decideFully} for a caller that waits without a promise: the decision, or who will make it. */
export function beginDecision(
  reading: Reading,
  subject: Subject,
  signal?: AbortSignal,
): Decision | Interview {
  const { head, policy } = subject
  const decision = decideReading(reading, head, policy)
  if (decision.kind === 'refuse') return decision
  const questions = questionsFor(reading, policy)
  if (questions.length === 0) return decision
  const interview = new Interview(subject, questions, decision)
  return interview.begin(signal) ?? interview
}

function promiseOf(interview: Interview, signal: AbortSignal | undefined): Promise<Decision> {
  return new Promise((resolve, reject) => {
    const leave = () => interview.abandon(signal?.reason)
    signal?.addEventListener('abort', leave)
    const release = () => signal?.removeEventListener('abort', leave)
    interview.report({
      decided(decision) {
        release()
        resolve(decision)
      },
      failed(error) {
        release()
        reject(error)
      },
      abandoned(reason) {
        release()
        reject(reason)
      },
    })
    // An abort that came before the listener is not told again.
    if (signal?.aborted) leave()
  })
}
