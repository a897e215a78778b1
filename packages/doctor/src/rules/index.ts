// All reading rules, in one order: of several that hold for a question, the first is told.

import { acceptedRules } from './accepted.js'
import { expectationRules } from './expectations.js'
import { QUESTIONS, type Question } from './questions.js'
import type { Rule } from './rule.js'
import { secureRules } from './secure.js'
import { surroundingRules } from './surroundings.js'
import { uploadRules } from './uploads.js'

export const outsideRules: readonly Rule<Question>[] = [
  ...uploadRules,
  ...expectationRules,
  ...surroundingRules,
  ...acceptedRules,
  ...secureRules,
]

export const outside = {
  rules: outsideRules,
  questions: Object.keys(QUESTIONS) as readonly Question[],
}
