// Which upstream is next, and whether there may be a next one: their order, the number of attempts, the
// budget of all requests that retry, and what is remembered of each.

import { type FieldLines, valuesOf } from '../fields/field-lines.js'
import type { Happening } from './attempt.js'
import type { KnownUpstream, RelayHost } from './host.js'
import type { Step } from './next-step.js'

export class Tries {
  current: KnownUpstream | undefined
  /** How often the current one was tried again, as a kept connection had died or it had not looked. */
  staleTries = 0
  readonly #upstreams: readonly KnownUpstream[]
  #next = 0
  /** Upstreams that got the head. */
  #heads = 0
  /** The current one is among them: it counts once, however often it is tried. */
  #counted = false
  #retrying = false

  constructor(
    private readonly host: RelayHost,
    origins: readonly string[],
  ) {
    this.#upstreams = host.inOrder(origins)
  }

  /** @returns `undefined` when there is none. */
  advance(): KnownUpstream | undefined {
    this.current = this.#upstreams[this.#next]
    this.#next += 1
    this.staleTries = 0
    this.#counted = false
    return this.current
  }

  /** The head went to the current one. */
  connected(): void {
    if (!this.#counted) this.#heads += 1
    this.#counted = true
  }

  /** The current one is tried once more. */
  again(step: 'again' | 'again-unasked'): void {
    if (step === 'again') this.staleTries += 1
  }

  /**
   * @param unreached - An upstream that could not be reached was not burdened: leaving it takes no
   * attempt, and no place in the budget.
   */
  hasMore(unreached: boolean): boolean {
    if (this.#next >= this.#upstreams.length) return false
    if (unreached) return true
    const { policy, budget } = this.host
    return this.#heads < policy.attempts && (this.#retrying || budget.hasRoom)
  }

  /** To be called before the next one is tried. */
  beginRetrying(): void {
    if (this.#retrying || this.#heads === 0) return
    this.#retrying = true
    this.host.budget.beginRetrying()
  }

  end(): void {
    if (this.#retrying) this.host.budget.endRetrying()
  }

  remember({ event, answer }: Happening, step: Step): void {
    const memory = this.current?.memory
    if (memory === undefined) return
    switch (event.kind) {
      case 'answer':
        if (step === 'again-unasked') memory.doesNotAnswerAsking()
        else if (!this.host.policy.retryOn.has(event.status)) memory.saidYes()
        else memory.saidNo(answer && retryAfter(answer.lines))
        return
      case 'silent':
        if (step === 'send') memory.doesNotAnswerAsking()
        else memory.saidNo()
        return
      case 'unreachable':
      case 'broken':
      case 'late':
        memory.saidNo()
        return
      case 'continue':
      case 'stale':
      case 'untouched':
      case 'unsendable':
        return
    }
  }
}

function retryAfter(lines: FieldLines): string | undefined {
  return valuesOf(lines, 'retry-after')[0]
}
