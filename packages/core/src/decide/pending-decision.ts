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

/** What a decision is about. */
export interface Subject {
  readonly head: RequestHead
  readonly policy: Policy
  /** Given to checks as it is. */
  readonly request: unknown
  /** Told what giving back a grant threw. Default: nobody. */
  readonly report?: (error: unknown) => void
}

/** What waits, as a kind of it; asked with a {@link Subject} that tells it what it needs. */
export type PendingKind<Asked extends Subject, Pending extends PendingDecision> = new (
  subject: Asked,
  questions: readonly Question[],
  otherwise: PassDecision,
) => Pending

/** Its kinds differ in whom they tell how it ended: once, and only when it had to be waited for. */
export abstract class PendingDecision {
  protected readonly policy: Policy
  readonly #report: Subject['report']
  readonly #head: HeadView
  readonly #request: unknown
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

  /** @param otherwise - What holds when every question lets the request pass. */
  constructor(subject: Subject, questions: readonly Question[], otherwise: PassDecision) {
    this.policy = subject.policy
    this.#report = subject.report
    this.#head = viewOf(subject.head)
    this.#request = subject.request
    this.#questions = questions
    this.#otherwise = otherwise
  }

  protected abstract decided(decision: Decision): void

  /** A check threw what is no `Refusal`. */
  protected abstract failed(error: Error): void
  protected abstract abandoned(reason: unknown): void

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
   * @returns The decision; `undefined` when it has to be waited for: call {@link wait} then.
   * @throws What a check throws that is no `Refusal`, and the reason of `caller`.
   */
  begin(caller: AbortSignal | undefined): Decision | undefined {
    try {
      const decision = this.goOn(caller)
      if (decision?.kind === 'refuse') caller?.throwIfAborted()
      this.#over = decision !== undefined
      return decision
    } catch (error) {
      this.#over = true
      this.giveBack(caller?.aborted ? 'gone' : 'refused')
      throw error
    }
  }

  /** To be called in the turn of {@link begin}; from here on the deadline runs. */
  wait(): void {
    this.#timer = setTimeout(timeIsUp, this.policy.checkTimeoutMs, this)
  }

  /** Nobody waits any more. Checks that still work learn it, also when the decision was made. */
  abandon(reason: unknown): void {
    const open = this.end()
    this.withdraw(reason)
    if (!open) return
    this.giveBack('gone')
    this.abandoned(reason)
  }

  expire(): void {
    if (!this.end()) return
    const refusal = checkTimedOut()
    this.withdraw(refusal)
    if (this.policy.onCheckTimeout === 'continue') {
      this.decided(this.passed())
    } else {
      this.giveBack('refused')
      this.decided(refuse('check-timeout', refusal))
    }
  }

  private withdraw(reason: unknown): void {
    this.#abandoned ??= { reason }
    this.#abort?.abort(reason)
  }

  /** @returns Whether it was still open. */
  private end(): boolean {
    if (this.#over) return false
    this.#over = true
    clearTimeout(this.#timer)
    return true
  }

  private goOn(caller?: AbortSignal): Decision | undefined {
    for (;;) {
      const question = this.#questions[this.#asked]
      caller?.throwIfAborted()
      if (question === undefined) return this.passed()
      this.#asked += 1
      let refused: RefuseDecision | undefined
      try {
        const answer = question.ask(this.#head, new Context(this.#request, this))
        if (isThenable(answer)) {
          this.waitFor(question, answer)
          return undefined
        }
        refused = this.take(question, answer)
      } catch (error) {
        refused = this.refuse(refusedBy(question, error))
      }
      // A check that answers at once may have made the caller leave.
      if (this.#over) return undefined
      if (refused !== undefined) return refused
    }
  }

  private waitFor(question: Question, answer: PromiseLike<unknown>): void {
    Promise.resolve(answer).then(
      (value) => this.resume(() => this.take(question, value)),
      (error) => this.resume(() => this.refuse(refusedBy(question, error))),
    )
  }

  private resume(read: () => RefuseDecision | undefined): void {
    let decision: Decision | undefined
    try {
      const refused = read()
      if (this.#over) return
      decision = refused ?? this.goOn()
    } catch (error) {
      if (!this.end()) return
      this.giveBack('refused')
      outsidePromise(() => this.failed(asError(error)))
      return
    }
    if (decision === undefined || !this.end()) return
    const made = decision
    outsidePromise(() => this.decided(made))
  }

  /** Reads an answer; what a check holds is kept, or given back when all is over already. */
  private take(question: Question, answer: unknown): RefuseDecision | undefined {
    const read = question.read(answer, this.#head)
    this.#limit = question.limitIn?.(answer) ?? this.#limit
    if (read === undefined) return undefined
    if (!isGrant(read)) return this.refuse(refuse(question.by, read))
    this.#grants ??= []
    this.#grants.push(read)
    if (this.#over) this.giveBack(this.#late)
    return undefined
  }

  private refuse(decision: RefuseDecision): RefuseDecision {
    this.giveBack('refused')
    return decision
  }

  private passed(): PassDecision {
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

  private giveBack(why: GrantEnd['why']): void {
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
