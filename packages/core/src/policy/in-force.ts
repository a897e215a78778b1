// The policy in force for an exchange: what the gates that it met say together. Laws:
// - gates narrow: the least limit holds, and what one gate refuses no other lets pass
// - of the rest the last word counts, option by option, and only where it was said: a gate that is
//   silent about an option changes nothing (docs/several-gates.md)

import type { Policy } from './policy.js'
import type { LingerPolicy } from './said-options.js'

/** What later stages ask of a policy, whether it is one gate's or several gates' together. */
export type PolicyInForce = Pick<
  Policy,
  | 'maxContentLength'
  | 'acceptedTypes'
  | 'advertiseLimits'
  | 'contentTimeoutMs'
  | 'format'
  | 'linger'
  | 'logger'
  | 'said'
>

/** Requests of one route meet the same gates in the same order: each pair is merged once. */
const narrowed = new WeakMap<PolicyInForce, WeakMap<PolicyInForce, PolicyInForce>>()

/**
 * @param first - What was in force so far; `undefined` where nothing was.
 * @param next - The gate that was met now.
 */
export function narrow(first: PolicyInForce | undefined, next: PolicyInForce): PolicyInForce {
  if (first === undefined || first === next) return next
  let known = narrowed.get(first)
  if (known === undefined) {
    known = new WeakMap()
    narrowed.set(first, known)
  }
  let together = known.get(next)
  if (together === undefined) {
    together = Object.freeze(merge(first, next))
    known.set(next, together)
  }
  return together
}

function merge(first: PolicyInForce, next: PolicyInForce): PolicyInForce {
  const said = {
    ...first.said,
    ...next.said,
    linger: { ...first.said.linger, ...next.said.linger },
  }
  return {
    maxContentLength: least(first.maxContentLength, next.maxContentLength),
    acceptedTypes: next.acceptedTypes ?? first.acceptedTypes,
    advertiseLimits: first.advertiseLimits || next.advertiseLimits,
    contentTimeoutMs: said.contentTimeoutMs ?? next.contentTimeoutMs,
    format: said.format ?? next.format,
    linger: lingerOf(said.linger, next.linger),
    logger: said.logger,
    said,
  }
}

export function least(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return Math.min(one, other)
}

/** @param unsaid - For the bounds that nobody named: the defaults, which every policy carries. */
function lingerOf(said: Partial<LingerPolicy>, unsaid: LingerPolicy): LingerPolicy {
  return Object.freeze({ ...unsaid, ...said })
}
