// From a head and a policy to a decision, without waiting for anything and without side effects.

import { awaitsContinue, type HeadFacts, readHeadFacts } from '../head/head-facts.js'
import type { RequestHead } from '../head/request-head.js'
import type { Policy } from '../policy/policy.js'
import { CONTINUE, type Decision, PASS } from './decision.js'
import {
  codingRule,
  expectationRule,
  framingRule,
  hostRule,
  lengthRule,
  sizeRule,
  typeRule,
} from './rules.js'

/**
 * Decides by the rules that need only head and policy. Checks, limits that are functions and extension
 * expectations are not asked: members that have a decider of their own are left to `decideFully`.
 *
 * The order is fixed: host and framing (400; 431 where fields were dropped), expectation (417), and where
 * content is announced length (411), size (413), type and coding (415). Never throws.
 */
export function decide(head: RequestHead, policy: Policy): Decision {
  return decideFacts(readHeadFacts(head), head, policy)
}

/** {@link decide} for a head that has been read already. */
export function decideFacts(facts: HeadFacts, head: RequestHead, policy: Policy): Decision {
  return (
    hostRule(head) ??
    framingRule(facts, head) ??
    expectationRule(facts, policy) ??
    (facts.framing.kind === 'none' ? PASS : decideContent(facts, head, policy))
  )
}

function decideContent(facts: HeadFacts, head: RequestHead, policy: Policy): Decision {
  return (
    lengthRule(facts, policy) ??
    sizeRule(facts, policy) ??
    typeRule(head, policy) ??
    codingRule(head, policy) ??
    (awaitsContinue(facts) ? CONTINUE : PASS)
  )
}
