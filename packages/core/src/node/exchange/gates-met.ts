// The gates that one exchange has met, and what follows from it: the policy in force, whom to tell the
// outcome, and the asynchronous context in which they are told.

import { narrow, type PolicyInForce } from '../../policy/in-force.js'
import type { Logger } from '../../policy/logger.js'
import { type AsyncContext, currentContext } from '../observe/async-context.js'
import { isSubscribed, type Observers, type ObservingGate } from '../observe/outcome.js'

const NO_GATES: readonly ObservingGate[] = Object.freeze([])

export class GatesMet implements Observers {
  #gates = NO_GATES
  #policy: PolicyInForce | undefined
  #frameworkRequest: object | undefined
  #context: AsyncContext | undefined
  #observes = false

  get gates(): readonly ObservingGate[] {
    return this.#gates
  }

  get policy(): PolicyInForce | undefined {
    return this.#policy
  }

  get frameworkRequest(): object | undefined {
    return this.#frameworkRequest
  }

  get logger(): Logger | undefined {
    return this.#policy?.logger
  }

  /** Somebody would be told the outcome: if not, none is made. */
  get observed(): boolean {
    return this.#observes || isSubscribed()
  }

  /** The gate that is met now has the last word, also when it was met before. */
  met(gate: ObservingGate, frameworkRequest: object): void {
    this.#gates =
      this.#gates.length === 0
        ? gate.alone
        : [...this.#gates.filter((earlier) => earlier !== gate), gate]
    this.#policy = narrow(this.#policy, gate.policy)
    this.#frameworkRequest = frameworkRequest
    if (gate.observes) this.#observes = true
    // Only where somebody is told: in Node 20 a context is an object, and kept with what it holds.
    if (this.observed) this.#context = currentContext()
  }

  inContext(tell: () => void): void {
    if (this.#context === undefined) tell()
    else this.#context(tell)
  }
}
