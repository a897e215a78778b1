// The head for one upstream: the plan, with its host and its question.

import { asks } from '../options/ask-options.js'
import type { GatewayPolicy } from '../options/policy.js'
import type { UpstreamHead } from '../upstream/upstream.js'
import type { KnownUpstream } from './host.js'
import type { RequestPlan } from './plan.js'

/** @param isSpent - Content was read: whoever sent it waits for no 100 any more. */
export function upstreamHead(
  plan: RequestPlan,
  to: KnownUpstream,
  policy: GatewayPolicy,
  isSpent: boolean,
): UpstreamHead {
  const { method, target, clientHost, lines, content, clientAsks, takesTrailers } = plan
  const host = (policy.host === 'client' ? clientHost : undefined) ?? to.host
  const contentLength = content.kind === 'length' ? content.bytes : undefined
  const mayAsk = content.kind !== 'none' && !isSpent && !to.memory.isNotAsked
  const isAsked = mayAsk && asks(policy, { clientAsks, contentLength })
  return { method, target, host, lines, content, asks: isAsked, takesTrailers }
}
