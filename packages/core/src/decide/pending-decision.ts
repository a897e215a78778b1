// The application's questions about one request, asked one after the other until one refuses, with
// one deadline over all of them. Laws:
// - most checks answer at once: no promise, timer or signal before an answer has to be waited for
// - thousands may wait at the same time: one that waits is this object and little more
// - once it is over, what still comes is dropped; a grant that comes late is given back
// - what checks hold goes on with the decision, or is given back here

import { type HeadView, viewOf } from '../head/head-view.js'
import type { RequestHead } from '../head/request-head.js'
import type { CheckContext } from '../policy/check.js'
import { type Grant, type GrantEnd, isGrant } from '../policy/grant.js'
import type { Policy } from '../policy/policy.js'
import { isThenable } from '../policy/thenable.js'
import { isRefusal } from '../refusal/refusal.js'
import { checkTimedOut } from '../refusal/stock.js'
import { asError } from './as-error.js'
import { type Decision, type PassDecision, type RefuseDecision, refuse } from './decision.js'
import type { Question } from './question.js'

/** Told once how a decision that has to be waited for ends. */
export interface DecisionListener {
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
  /** Told what giving back a grant threw. Default: nobody. */
  readonly report?: (error: unknown) => void
}

export class PendingDecision {
  readonly #policy: Policy
  readonly #report: Subject['report']
  readonly #head: HeadView
  readonly #context: CheckContext
  readonly #questions: readonly Question[]
  readonly #otherwise: PassDecision
  #asked = 0
  #over = false
  /** The most content that answers so far allow. */
  #limit: number | undefined
  #grants: Grant[] | undefined
  /** How a grant ends that comes when all is over. */
  #late: GrantEnd['why'] = 'refused'
  #abandoned: { readonly reason: unknown } | undefined
  #abort: AbortController | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #listener: DecisionListener | undefined

  /** @param otherwise - What holds when every question lets the request pass. */
  constructor(subject: Subject, questions: readonly Question[], otherwise: PassDecision) {
    this.#policy = subject.policy
    this.#report = subject.report
    this.#head = viewOf(subject.head)
    this.#context = new Context(subject.request, this)
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
    try {
      const decision = this.#goOn(caller)
      if (decision?.kind === 'refuse') caller?.throwIfAborted()
      this.#over = decision !== undefined
      return decision
    } catch (error) {
      this.#over = true
      this.#giveBack(caller?.aborted ? 'gone' : 'refused')
      throw error
    }
  }

  /** To be called in the turn of {@link begin}; from here on the deadline runs. */
  report(listener: DecisionListener): void {
    this.#listener = listener
    this.#timer = setTimeout(timeIsUp, this.#policy.checkTimeoutMs, this)
  }

  /** Nobody waits any more. Checks that still work learn it, also when the decision was made. */
  abandon(reason: unknown): void {
    const open = this.#end()
    this.#withdraw(reason)
    if (!open) return
    this.#giveBack('gone')
    this.#listener?.abandoned(reason)
  }

  expire(): void {
    if (!this.#end()) return
    const refusal = checkTimedOut()
    this.#withdraw(refusal)
    if (this.#policy.onCheckTimeout === 'continue') {
      this.#listener?.decided(this.#passed())
    } else {
      this.#giveBack('refused')
      this.#listener?.decided(refuse('check-timeout', refusal))
    }
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
    for (;;) {
      const question = this.#questions[this.#asked]
      caller?.throwIfAborted()
      if (question === undefined) return this.#passed()
      this.#asked += 1
      let refused: RefuseDecision | undefined
      try {
        const answer = question.ask(this.#head, this.#context)
        if (isThenable(answer)) {
          this.#wait(question, answer)
          return undefined
        }
        refused = this.#take(question, answer)
      } catch (error) {
        refused = this.#refuse(refusedBy(question, error))
      }
      // A check that answers at once may have made the caller leave.
      if (this.#over) return undefined
      if (refused !== undefined) return refused
    }
  }

  #wait(question: Question, answer: PromiseLike<unknown>): void {
    Promise.resolve(answer).then(
      (value) => this.#resume(() => this.#take(question, value)),
      (error) => this.#resume(() => this.#refuse(refusedBy(question, error))),
    )
  }

  #resume(read: () => RefuseDecision | undefined): void {
    let decision: Decision | undefined
    try {
      const refused = read()
      if (this.#over) return
      decision = refused ?? this.#goOn()
    } catch (error) {
      if (!this.#end()) return
      this.#giveBack('refused')
      outsidePromise(() => this.#listener?.failed(asError(error)))
      return
    }
    if (decision === undefined || !this.#end()) return
    const made = decision
    outsidePromise(() => this.#listener?.decided(made))
  }

  /** Reads an answer; what a check holds is kept, or given back when all is over already. */
  #take(question: Question, answer: unknown): RefuseDecision | undefined {
    const read = question.read(answer, this.#head)
    this.#limit = question.limitIn?.(answer) ?? this.#limit
    if (read === undefined) return undefined
    if (!isGrant(read)) return this.#refuse(refuse(question.by, read))
    this.#grants ??= []
    this.#grants.push(read)
    if (this.#over) this.#giveBack(this.#late)
    return undefined
  }

  #refuse(decision: RefuseDecision): RefuseDecision {
    this.#giveBack('refused')
    return decision
  }

  #passed(): PassDecision {
    const grants = this.#grants
    const maxContentLength = this.#limit
    this.#grants = undefined
    if (grants === undefined && maxContentLength === undefined) return this.#otherwise
    return {
      ...this.#otherwise,
      ...(maxContentLength !== undefined && { maxContentLength }),
      ...(grants !== undefined && { grants }),
    }
  }

  #giveBack(why: GrantEnd['why']): void {
    this.#late = why
    for (const grant of this.#grants?.splice(0) ?? []) {
      grant.release({ why, receivedBytes: 0 }, this.#report)
    }
  }
}

class Context implements CheckContext {
  readonly #pending: PendingDecision

  constructor(
    readonly request: unknown,
    pending: PendingDecision,
  ) {
    this.#pending = pending
  }

  get signal(): AbortSignal {
    return this.#pending.signal
  }
}

/** What the application throws there is its own: an exception, and not a rejection of a promise of ours. */
function outsidePromise(tell: () => void): void {
  try {
    tell()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

function timeIsUp(pending: PendingDecision): void {
  pending.expire()
}

// A thrown Refusal is an answer; any other error is a fault and goes on to the framework unchanged.
function refusedBy(question: Question, thrown: unknown): RefuseDecision {
  if (isRefusal(thrown)) return refuse(question.by, thrown)
  throw asError(thrown)
}
