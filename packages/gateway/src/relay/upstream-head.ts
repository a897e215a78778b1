// The head for one upstream: the plan, with its host and its question.

import type { GatewayPolicy } from '../options/policy.js'
import type { UpstreamHead } from '../upstream/upstream.js'
import type { KnownUpstream } from './host.js'
import type { RequestPlan } from './plan.js'

export function upstreamHead(
  plan: RequestPlan,
  to: KnownUpstream,
  policy: GatewayPolicy,
  asks: boolean,
): UpstreamHead {
  const { method, target, clientHost, lines, content, takesTrailers } = plan
  const host = (policy.host === 'client' ? clientHost : undefined) ?? to.host
  return { method, target, host, lines, content, asks, takesTrailers }
}
