// Asks questions one after the other until one refuses. Stays synchronous as long as the answers
// are, because most checks are and a promise would put every request off by a turn.

import { isRefusal } from '../refusal/refusal.js'
import type { RefuseDecision } from './decide.js'
import type { Question } from './questions.js'

export interface Audience {
  readonly request: unknown
  /** Given to the questions; aborted when their answers are no longer wanted. */
  readonly signal: AbortSignal
  /** Whoever wants the decision; no further question is asked once it has aborted. */
  readonly caller: AbortSignal | undefined
}

type Answer = RefuseDecision | undefined

/** @returns The first refusal, or nothing when every question lets the request pass. */
export function interview(
  questions: readonly Question[],
  audience: Audience,
  from = 0,
): Answer | Promise<Answer> {
  for (const [offset, question] of questions.slice(from).entries()) {
    audience.caller?.throwIfAborted()
    // Time is up: the result is settled already and nobody reads this one.
    if (audience.signal.aborted) return undefined
    const answer = askOne(question, audience)
    if (answer instanceof Promise) {
      return answer.then((refused) => refused ?? interview(questions, audience, from + offset + 1))
    }
    if (answer !== undefined) return answer
  }
  return undefined
}

function askOne(question: Question, { request, signal }: Audience): Answer | Promise<Answer> {
  try {
    const answer = question.ask(request, signal)
    return isPromiseLike(answer)
      ? Promise.resolve(answer).then(
          (value) => refusedIn(question, value),
          (error: unknown) => refusedBy(question, error),
        )
      : refusedIn(question, answer)
  } catch (error) {
    return refusedBy(question, error)
  }
}

function refusedIn(question: Question, answer: unknown): Answer {
  const refusal = question.refusalIn(answer)
  return refusal && { kind: 'refuse', refusal, by: question.by }
}

// A thrown Refusal is an answer; anything else is a fault and goes on to the framework unchanged.
function refusedBy(question: Question, thrown: unknown): RefuseDecision {
  if (isRefusal(thrown)) return { kind: 'refuse', refusal: thrown, by: question.by }
  throw thrown
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  )
}
