// What the relays of one gateway share: its policy, and what is known of its upstreams.

import type { Via } from '../fields/via.js'
import { viaOf } from '../fields/via.js'
import { agentOf } from '../options/agent-option.js'
import type { GatewayPolicy } from '../options/policy.js'
import { http1Upstream } from '../upstream/http1.js'
import { http2Upstream } from '../upstream/http2.js'
import type { Upstream } from '../upstream/upstream.js'
import { agentFor } from '../upstreams/agents.js'
import { RetryBudget } from '../upstreams/budget.js'
import { ByOrigin, OriginMemory } from '../upstreams/memory.js'
import { Rotation } from '../upstreams/pick.js'

/** An upstream, with what is remembered of it. */
export interface KnownUpstream {
  readonly origin: string
  /** Host and port, as in the origin. */
  readonly host: string
  readonly upstream: Upstream
  readonly memory: OriginMemory
}

export class RelayHost {
  readonly budget: RetryBudget
  readonly via: Via
  readonly #rotation = new Rotation()
  readonly #known: ByOrigin<KnownUpstream>

  constructor(readonly policy: GatewayPolicy) {
    this.budget = new RetryBudget(policy.retryBudget)
    this.via = viaOf(policy.via)
    this.#known = new ByOrigin((origin) => ({
      origin,
      host: new URL(origin).host,
      upstream: upstreamFor(origin, policy),
      memory: new OriginMemory(),
    }))
  }

  /** In the order in which they are to be tried. */
  inOrder(origins: readonly string[]): readonly KnownUpstream[] {
    const order = this.#rotation.order(origins, (origin) => this.#known.of(origin).memory.isAvoided)
    return order.map((origin) => this.#known.of(origin))
  }
}

function upstreamFor(origin: string, policy: GatewayPolicy): Upstream {
  if (policy.http2) return http2Upstream(origin, policy)
  const { agent } = policy
  if (agent === undefined) return http1Upstream(origin, agentFor(origin, policy))
  return http1Upstream(origin, agentOf(agent, origin))
}
