// The rules that need only the head and the policy. Each answers with a refusal or with nothing.
// 417 speaks of expectations only: everything else has its own status (R9, R21).

import typeIs from 'type-is'
import { fieldValue, type RequestHead } from '../head/request-head.js'
import { codingName } from '../policy/content-options.js'
import type { Policy } from '../policy/policy.js'
import type { Refusal } from '../refusal/refusal.js'
import {
  contentTooLarge,
  continueNotNegotiated,
  lengthRequired,
  malformedExpectation,
  repeatedHost,
  unreadableFraming,
  unsupportedContentCoding,
  unsupportedExpectation,
  unsupportedMediaType,
} from '../refusal/stock.js'
import type { Reading } from './reading.js'

export interface Rule {
  /** The rule's name in a decision. */
  readonly by: string
  readonly refusal: (reading: Reading, head: RequestHead, policy: Policy) => Refusal | undefined
}

/** Which of two hosts is meant is what attacks are made of (RFC 9112 section 3.2, MUST). */
export const hostRule: Rule = {
  by: 'host',
  refusal(_reading, { headers: { host } }) {
    return Array.isArray(host) && host.length > 1 ? repeatedHost() : undefined
  },
}

/** Content whose end cannot be told must not be asked for (RFC 9112 section 6.3, MUST). */
export const framingRule: Rule = {
  by: 'framing',
  refusal(_reading, head) {
    if (head.version === '2.0') return undefined
    const codings = fieldValue(head, 'transfer-encoding')?.split(',')
    return codings === undefined || codings.at(-1)?.trim().toLowerCase() === 'chunked'
      ? undefined
      : unreadableFraming()
  },
}

export const expectationRule: Rule = {
  by: 'expectation',
  refusal({ expectation, awaitsContinue }, _head, policy) {
    if (policy.unknownExpectation === 'refuse') {
      if (expectation.kind === 'malformed') return malformedExpectation()
      if (
        expectation.kind === 'unsupported' &&
        expectation.members.some((member) => !policy.expectations.has(member.name))
      ) {
        return unsupportedExpectation()
      }
    }
    return awaitsContinue && !policy.acceptContinue ? continueNotNegotiated() : undefined
  },
}

const lengthRule: Rule = {
  by: 'length',
  refusal({ framing }, _head, policy) {
    return policy.requireContentLength && framing.kind === 'unknown' ? lengthRequired() : undefined
  },
}

const sizeRule: Rule = {
  by: 'size',
  refusal({ framing }, _head, { maxContentLength: limit }) {
    // Content of unknown length is counted as it is read: that is the Node layer's part.
    if (limit === undefined || framing.kind !== 'length' || framing.bytes <= limit) return undefined
    return contentTooLarge(limit, framing.bytes)
  },
}

const MOST_REMEMBERED = 100
const answersByList = new WeakMap<readonly string[], Map<string, boolean>>()

/** Clients send few different types, and reading one costs more than all other rules together. */
function isAcceptedType(type: string, acceptedTypes: readonly string[]): boolean {
  const answers = answersByList.get(acceptedTypes) ?? new Map<string, boolean>()
  answersByList.set(acceptedTypes, answers)
  const known = answers.get(type)
  if (known !== undefined) return known
  const accepted = typeIs.is(type, [...acceptedTypes]) !== false
  // Every multipart boundary makes another value: beyond the first few nothing is gained.
  if (answers.size < MOST_REMEMBERED) answers.set(type, accepted)
  return accepted
}

const typeRule: Rule = {
  by: 'type',
  refusal(_reading, head, { acceptedTypes }) {
    if (acceptedTypes === undefined) return undefined
    const type = fieldValue(head, 'content-type')
    const accepted = type !== undefined && isAcceptedType(type, acceptedTypes)
    return accepted ? undefined : unsupportedMediaType(acceptedTypes)
  },
}

const codingRule: Rule = {
  by: 'coding',
  refusal(_reading, head, { acceptedCodings }) {
    const field = fieldValue(head, 'content-encoding')
    if (acceptedCodings === undefined || field === undefined) return undefined
    // Every coding that was applied has to be undone, so all of them must be accepted. `identity`
    // and empty list elements apply none (RFC 9110 sections 5.6.1 and 8.4).
    const accepted = field
      .split(',')
      .map(codingName)
      .every((name) => name === '' || name === 'identity' || acceptedCodings.has(name))
    return accepted ? undefined : unsupportedContentCoding([...acceptedCodings])
  },
}

/** In the order in which they are asked, where content is announced. */
export const contentRules: readonly Rule[] = [lengthRule, sizeRule, typeRule, codingRule]
