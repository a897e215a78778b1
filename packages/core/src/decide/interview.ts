// The application's questions about one request, asked one after the other until one refuses, with
// one deadline over all of them. Laws:
// - most checks answer at once: no promise, timer or signal before an answer has to be waited for
// - thousands may wait at the same time: one that waits is this object and little more
// - once it is over, what still comes is dropped without a trace

import { type HeadView, viewOf } from '../head/head-view.js'
import type { RequestHead } from '../head/request-head.js'
import type { CheckContext } from '../policy/check.js'
import type { Policy } from '../policy/policy.js'
import { isRefusal } from '../refusal/refusal.js'
import { checkTimedOut } from '../refusal/stock.js'
import { type Decision, type PassDecision, type RefuseDecision, refuse } from './decision.js'
import type { Question } from './question.js'

/** Told once how an interview that has to be waited for ends. */
export interface Reporter {
  decided(decision: Decision): void
  /** A check threw what is no `Refusal`. */
  failed(error: Error): void
  abandoned(reason: unknown): void
}

/** What a decision is about. */
export interface Subject {
  readonly head: RequestHead
  readonly policy: Policy
  /** Given to checks as it is. */
  readonly request: unknown
}

export class Interview {
  readonly #head: HeadView
  readonly #policy: Policy
  readonly #context: CheckContext
  readonly #questions: readonly Question[]
  readonly #otherwise: PassDecision
  /** The most content that answers so far allow. */
  #limit: number | undefined
  #asked = 0
  #over = false
  #abandoned: { readonly reason: unknown } | undefined
  #abort: AbortController | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #reporter: Reporter | undefined

  /** @param otherwise - What holds when every question lets the request pass. */
  constructor(
    { head, policy, request }: Subject,
    questions: readonly Question[],
    otherwise: PassDecision,
  ) {
    this.#head = viewOf(head)
    this.#policy = policy
    this.#context = new Context(request, this)
    this.#questions = questions
    this.#otherwise = otherwise
  }

  /** Aborts when answers are no longer wanted; made when a check asks for it. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController()
      if (this.#abandoned !== undefined) this.#abort.abort(this.#abandoned.reason)
    }
    return this.#abort.signal
  }

  /**
   * Asks.
   *
   * @param caller - Whoever wants the decision: once it has aborted, nothing more is asked.
   * @returns The decision; `undefined` when it has to be waited for: call {@link report} then.
   * @throws What a check throws that is no `Refusal`, and the reason of `caller`.
   */
  begin(caller: AbortSignal | undefined): Decision | undefined {
    const decision = this.#goOn(caller)
    if (decision !== undefined) caller?.throwIfAborted()
    return decision
  }

  /** To be called in the turn of {@link begin}; from here on the deadline runs. */
  report(reporter: Reporter): void {
    this.#reporter = reporter
    this.#timer = setTimeout(timeIsUp, this.#policy.checkTimeoutMs, this)
  }

  /** Nobody waits any more. Checks that still work learn it, also when the decision was made. */
  abandon(reason: unknown): void {
    const open = this.#end()
    this.#withdraw(reason)
    if (open) this.#reporter?.abandoned(reason)
  }

  expire(): void {
    if (!this.#end()) return
    const refusal = checkTimedOut()
    this.#withdraw(refusal)
    const lenient = this.#policy.onCheckTimeout === 'continue'
    this.#reporter?.decided(lenient ? this.#passed() : refuse('check-timeout', refusal))
  }

  #withdraw(reason: unknown): void {
    this.#abandoned ??= { reason }
    this.#abort?.abort(reason)
  }

  /** @returns Whether it was still open. */
  #end(): boolean {
    if (this.#over) return false
    this.#over = true
    clearTimeout(this.#timer)
    return true
  }

  #goOn(caller?: AbortSignal): Decision | undefined {
    let refused: RefuseDecision | undefined
    while (refused === undefined) {
      const question = this.#questions[this.#asked]
      if (question === undefined) return this.#passed()
      caller?.throwIfAborted()
      this.#asked += 1
      try {
        const answer = question.ask(this.#head, this.#context)
        if (isPromiseLike(answer)) {
          this.#wait(question, answer)
          return undefined
        }
        refused = this.#take(question, answer)
      } catch (error) {
        refused = refusedBy(question, error)
      }
      // A check that answers at once may have made the caller leave.
      if (this.#over) return undefined
    }
    return refused
  }

  #wait(question: Question, answer: PromiseLike<unknown>): void {
    Promise.resolve(answer).then(
      (value) => this.#resume(() => this.#take(question, value)),
      (error) => this.#resume(() => refusedBy(question, error)),
    )
  }

  #resume(read: () => RefuseDecision | undefined): void {
    if (this.#over) return
    let decision: Decision | undefined
    try {
      decision = read() ?? this.#goOn()
    } catch (error) {
      if (this.#end()) this.#reporter?.failed(asError(error))
      return
    }
    if (decision !== undefined && this.#end()) this.#reporter?.decided(decision)
  }

  #take(question: Question, answer: unknown): RefuseDecision | undefined {
    const refusal = question.refusalIn(answer, this.#head)
    if (refusal !== undefined) return refuse(question.by, refusal)
    this.#limit = question.limitIn?.(answer) ?? this.#limit
    return undefined
  }

  #passed(): PassDecision {
    const maxContentLength = this.#limit
    return maxContentLength === undefined
      ? this.#otherwise
      : { ...this.#otherwise, maxContentLength }
  }
}

class Context implements CheckContext {
  readonly #interview: Interview

  constructor(
    readonly request: unknown,
    interview: Interview,
  ) {
    this.#interview = interview
  }

  get signal(): AbortSignal {
    return this.#interview.signal
  }
}

function timeIsUp(interview: Interview): void {
  interview.expire()
}

// A thrown Refusal is an answer; any other error is a fault and goes on to the framework unchanged.
function refusedBy(question: Question, thrown: unknown): RefuseDecision {
  if (isRefusal(thrown)) return refuse(question.by, thrown)
  throw asError(thrown)
}

/** Frameworks take `undefined` and other falsy values for no error, and would let the request pass. */
function asError(thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error('A check threw what is no Error.', { cause: thrown })
}

/** Also one of another realm. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  )
}
