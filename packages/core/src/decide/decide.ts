// From a head and a policy to a decision, without waiting for anything and without side effects.
// The order is fixed: host and framing (400), expectation (417), length (411), size (413), type and coding (415).

import type { RequestHead } from '../head/request-head.js'
import type { Policy } from '../policy/policy.js'
import type { Refusal } from '../refusal/refusal.js'
import { type Reading, readHead } from './reading.js'
import { contentRules, expectationRule, framingRule, hostRule, type Rule } from './rules.js'

/** Refused, and which rule did it. */
export interface RefuseDecision {
  readonly kind: 'refuse'
  readonly refusal: Refusal
  /**
   * `host`, `framing`, `expectation`, `length`, `size`, `type`, `coding`, `extension:<name>`,
   * `check:<function name or index>` or `check-timeout`.
   */
  readonly by: string
}

/**
 * What deciding gives. Only the Node layer acts on it.
 *
 * - `pass`: let the request through; no 100 is owed;
 * - `continue`: let it through; content is announced and the client waits for a 100;
 * - `refuse`: answer with the refusal.
 */
export type Decision = { readonly kind: 'pass' } | { readonly kind: 'continue' } | RefuseDecision

const PASS: Decision = Object.freeze({ kind: 'pass' })
const CONTINUE: Decision = Object.freeze({ kind: 'continue' })

/**
 * Decides by the rules that need only head and policy. Checks and extension expectations are not
 * asked: members that have a decider of their own are left to `decideFully`.
 *
 * Content rules are asked only where content is announced. Never throws.
 */
export function decide(head: RequestHead, policy: Policy): Decision {
  return decideReading(readHead(head), head, policy)
}

/** {@link decide} for a head that has been read already. */
export function decideReading(reading: Reading, head: RequestHead, policy: Policy): Decision {
  const refused =
    ask(hostRule, reading, head, policy) ??
    ask(framingRule, reading, head, policy) ??
    ask(expectationRule, reading, head, policy)
  if (refused !== undefined) return refused
  if (reading.framing.kind === 'none') return PASS
  for (const rule of contentRules) {
    const refusedContent = ask(rule, reading, head, policy)
    if (refusedContent !== undefined) return refusedContent
  }
  return reading.awaitsContinue ? CONTINUE : PASS
}

function ask(
  { by, refusal: refusalOf }: Rule,
  reading: Reading,
  head: RequestHead,
  policy: Policy,
): RefuseDecision | undefined {
  const refusal = refusalOf(reading, head, policy)
  return refusal && { kind: 'refuse', refusal, by }
}
