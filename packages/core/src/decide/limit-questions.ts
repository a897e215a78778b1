// Limits that the application finds for each request, as questions: asked before its checks, so that
// what is too large anyway costs no look-up more. What is found is a limit as if it had been written.

import type { HeadFacts } from '../head/head-facts.js'
import { readAcceptedTypes } from '../policy/content-options.js'
import type { LimitOf } from '../policy/limit-of.js'
import type { Policy } from '../policy/policy.js'
import { OptionError } from '../validation/option-error.js'
import { readSize } from '../validation/read-option.js'
import type { Question } from './question.js'
import { sizeRule, typeRule } from './rules.js'

const NONE: readonly Question[] = Object.freeze([])

export function limitQuestions(facts: HeadFacts, policy: Policy): readonly Question[] {
  const { maxContentLengthOf, acceptedTypesOf } = policy
  if (maxContentLengthOf === undefined && acceptedTypesOf === undefined) return NONE
  return [
    ...(maxContentLengthOf === undefined ? [] : [sizeQuestion(maxContentLengthOf, facts)]),
    ...(acceptedTypesOf === undefined ? [] : [typeQuestion(acceptedTypesOf)]),
  ]
}

function sizeQuestion(find: LimitOf<number | string>, facts: HeadFacts): Question {
  const limitIn = (answer: unknown) =>
    readAnswer('maxContentLength', () => readSize('maxContentLength', answer))
  return {
    by: 'size',
    ask: (head, context) => find(head, context),
    read: (answer) => sizeRule(facts, { maxContentLength: limitIn(answer) })?.refusal,
    limitIn,
  }
}

function typeQuestion(find: LimitOf<readonly string[]>): Question {
  return {
    by: 'type',
    ask: (head, context) => find(head, context),
    read(answer, head) {
      // Lists are read with care; whatever else comes is refused there.
      const list = answer as readonly string[] | undefined
      const acceptedTypes = readAnswer('acceptedTypes', () => readAcceptedTypes(list))
      return typeRule(head, { acceptedTypes })?.refusal
    },
  }
}

/** Names the answer, not the option, as what is wrong. */
function readAnswer<Value>(option: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    const { received } = error
    const remedy = error.message.slice(error.message.indexOf('. ') + 2)
    throw new OptionError({ option: `The answer of ${option}`, received, remedy })
  }
}
