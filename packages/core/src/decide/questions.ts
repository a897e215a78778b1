// The application's own questions about a head, in one form: extension expectations, then checks.
// An answer outside a question's contract is the application's fault and throws: failing closed.

import type { HeadFacts } from '../head/head-facts.js'
import type { ExpectationMember } from '../parse/expect.js'
import type { Check, ExtensionExpectation } from '../policy/check.js'
import { isGrant } from '../policy/grant.js'
import type { Policy } from '../policy/policy.js'
import { isRefusal } from '../refusal/refusal.js'
import { unsupportedExpectation } from '../refusal/stock.js'
import { OptionError } from '../validation/option-error.js'
import { limitQuestions } from './limit-questions.js'
import type { Question } from './question.js'

const NO_QUESTIONS: readonly Question[] = Object.freeze([])

/** No content and no expectation that somebody decides on: nothing is asked. */
export function questionsFor(facts: HeadFacts, policy: Policy): readonly Question[] {
  const extensions = extensionQuestions(facts, policy)
  if (facts.framing.kind === 'none' && extensions.length === 0) return NO_QUESTIONS
  const limits = facts.framing.kind === 'none' ? NO_QUESTIONS : limitQuestions(facts, policy)
  const checks = policy.checks.length === 0 ? NO_QUESTIONS : checkQuestions(policy.checks)
  // Nearly always there is nothing but checks, or nothing at all.
  if (extensions.length === 0 && limits.length === 0) return checks
  return [...limits, ...extensions, ...checks]
}

function extensionQuestions({ expectation }: HeadFacts, policy: Policy): readonly Question[] {
  if (expectation.kind !== 'unsupported') return NO_QUESTIONS
  return expectation.members.flatMap((member) => {
    const decider = policy.expectations.get(member.name)
    return decider === undefined ? [] : [extensionQuestion(decider, member, policy)]
  })
}

function extensionQuestion(
  decider: ExtensionExpectation,
  member: ExpectationMember,
  { acceptContinue }: Policy,
): Question {
  return {
    by: `extension:${member.name}`,
    ask: (head) => decider(member, head),
    read(answer) {
      if (answer === undefined || answer === true) return undefined
      if (answer === false) return unsupportedExpectation(acceptContinue)
      if (isRefusal(answer)) return answer
      throw new OptionError({
        option: `The answer of expectations.${member.name}`,
        received: answer,
        remedy: 'Return true or nothing to accept, false or a Refusal to decline.',
      })
    },
  }
}

const questionsByChecks = new WeakMap<readonly Check[], readonly Question[]>()

/** Made once for each policy: thousands of requests may wait for the same check. */
function checkQuestions(checks: readonly Check[]): readonly Question[] {
  const known = questionsByChecks.get(checks)
  if (known !== undefined) return known
  const questions = checks.map(checkQuestion)
  questionsByChecks.set(checks, questions)
  return questions
}

function checkQuestion(check: Check, index: number): Question {
  const by = `check:${check.name || index}` as const
  return {
    by,
    ask: (head, context) => check(head, context),
    read(answer) {
      if (answer === undefined) return undefined
      if (isRefusal(answer) || isGrant(answer)) return answer
      throw new OptionError({
        option: `The answer of ${by}`,
        received: answer,
        remedy: 'Return nothing or a Grant to let the request pass, or a Refusal.',
      })
    },
  }
}
