// The whole decision: the rules of `decide`, then the application's own questions in order.
// First refusal wins; one deadline over all of them; no promise, timer or listener unless a question
// answers with a promise.

import type { RequestHead } from '../head/request-head.js'
import type { Policy } from '../policy/policy.js'
import { checkTimedOut } from '../refusal/stock.js'
import { withinBounds } from './deadline.js'
import { type Decision, decideReading } from './decide.js'
import { interview } from './interview.js'
import { questionsFor } from './questions.js'
import { type Reading, readHead } from './reading.js'

/** What the questions about one request share. */
export interface DecideContext {
  /** Given to checks as it is. */
  readonly request: unknown
  /** Aborts when the client is gone. Default: nobody can tell. */
  readonly signal?: AbortSignal | undefined
  /**
   * In place of `signal`, for a caller that keeps one controller for both: checks get its signal,
   * the caller aborts it when the client is gone, and the decision aborts it when time is up.
   */
  readonly controller?: AbortController | undefined
  /** What the head says, for a caller that has read it already. */
  readonly reading?: Reading | undefined
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
  context: DecideContext,
): Decision | Promise<Decision> {
  const reading = context.reading ?? readHead(head)
  const decision = decideReading(reading, head, policy)
  if (decision.kind === 'refuse') return decision
  const questions = questionsFor(reading, head, policy)
  if (questions.length === 0) return decision

  const { request } = context
  const controller = context.controller ?? new AbortController()
  const caller = context.controller?.signal ?? context.signal
  const refused = interview(questions, { request, signal: controller.signal, caller })
  if (!(refused instanceof Promise)) {
    caller?.throwIfAborted()
    return refused ?? decision
  }
  return withinBounds<Decision>(
    refused.then((refusedBy) => refusedBy ?? decision),
    {
      caller,
      timeoutMs: policy.checkTimeoutMs,
      abandon: (reason) => controller.abort(reason),
      onTimeout() {
        const refusal = checkTimedOut()
        return {
          reason: refusal,
          result:
            policy.onCheckTimeout === 'continue'
              ? decision
              : { kind: 'refuse', refusal, by: 'check-timeout' },
        }
      },
    },
  )
}
