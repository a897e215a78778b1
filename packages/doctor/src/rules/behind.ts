// All rules from both ends, in one order: of several that hold for a question, the first is told.

import { behindAnswerRules } from './behind-answers.js'
import { BEHIND_QUESTIONS, type BehindQuestion } from './behind-questions.js'
import { behindUploadRules } from './behind-uploads.js'
import type { Rule } from './rule.js'

export const behindRules: readonly Rule<BehindQuestion>[] = [
  ...behindUploadRules,
  ...behindAnswerRules,
]

export const behind = {
  rules: behindRules,
  questions: Object.keys(BEHIND_QUESTIONS) as readonly BehindQuestion[],
}
