// The gates that an exchange has met, and what they say together. Law: it is a value that never changes; requests that
// meet one gate alone, nearly all, share theirs.

import { narrow, type PolicyInForce } from '../../policy/in-force.js'
import type { Logger } from '../../policy/logger.js'
import type { Policy } from '../../policy/policy.js'

/** A gate, as one that is told outcomes. */
export interface ObservingGate {
  readonly policy: Policy
  /** Somebody may want to know: `onOutcome`, a logger, or the framework's logger. */
  readonly observes: boolean
  /** This gate as the only one that an exchange met. */
  readonly alone: GatesMet
  routeOf(frameworkRequest: object): string | undefined
  loggerOf(frameworkRequest: object): Logger | undefined
}

/** What a framework knows of a request that an outcome tells, or is told to. */
export interface OutcomeKnowledge<FrameworkRequest> {
  /** The route that took the request, as it was written, for outcomes and metrics. */
  readonly routeOf?: (frameworkRequest: FrameworkRequest) => string | undefined
  /** The framework's logger for a request, where there is one. */
  readonly loggerOf?: (frameworkRequest: FrameworkRequest) => Logger | undefined
}

export class GatesMet {
  static readonly none = new GatesMet([], undefined)
  /** One of them wants to be told. */
  readonly observe: boolean

  private constructor(
    /** In the order in which they were met. */
    readonly gates: readonly ObservingGate[],
    readonly policy: PolicyInForce | undefined,
  ) {
    this.observe = gates.some((gate) => gate.observes)
  }

  /** The gate that is met now has the last word, also when it was met before. */
  and(gate: ObservingGate): GatesMet {
    if (this === GatesMet.none) return gate.alone
    const others = this.gates.filter((earlier) => earlier !== gate)
    return new GatesMet([...others, gate], narrow(this.policy, gate.policy))
  }

  static alone(gate: ObservingGate): GatesMet {
    return new GatesMet([gate], gate.policy)
  }
}

/** @typeParam FrameworkRequest - It comes back from the exchange that this very gate gave it to. */
export class Observer<FrameworkRequest extends object> implements ObservingGate {
  readonly observes: boolean
  readonly alone: GatesMet

  constructor(
    readonly policy: Policy,
    private readonly knowledge: OutcomeKnowledge<FrameworkRequest>,
  ) {
    const { onOutcome, logger } = policy
    this.observes =
      onOutcome !== undefined || logger !== undefined || knowledge.loggerOf !== undefined
    this.alone = GatesMet.alone(this)
  }

  routeOf(frameworkRequest: FrameworkRequest): string | undefined {
    return this.knowledge.routeOf?.(frameworkRequest)
  }

  loggerOf(frameworkRequest: FrameworkRequest): Logger | undefined {
    return this.knowledge.loggerOf?.(frameworkRequest)
  }
}
