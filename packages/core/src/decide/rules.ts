// The rules that need only the head and the policy. Each answers with a refusal or with nothing.
// 417 speaks of expectations only: everything else has its own status (R9, R21).

import typeIs from 'type-is'
import { awaitsContinue, type HeadFacts } from '../head/head-facts.js'
import { fieldValue, type RequestHead } from '../head/request-head.js'
import { codingName } from '../policy/content-options.js'
import type { Policy } from '../policy/policy.js'
import {
  contentTooLarge,
  continueNotNegotiated,
  lengthRequired,
  malformedExpectation,
  repeatedHost,
  tooManyFields,
  unreadableFraming,
  unsupportedContentCoding,
  unsupportedExpectation,
  unsupportedMediaType,
} from '../refusal/stock.js'
import { type RefuseDecision, refuse } from './decision.js'

type Answer = RefuseDecision | undefined

/** Which of two hosts is meant is what attacks are made of (RFC 9112 section 3.2, MUST). */
export function hostRule({ headers: { host } }: RequestHead): Answer {
  return Array.isArray(host) && host.length > 1 ? refuse('host', repeatedHost()) : undefined
}

/** Content whose end cannot be told must not be asked for (RFC 9112 section 6.3, MUST). */
export function framingRule({ framing }: HeadFacts, head: RequestHead): Answer {
  // `unknown` is what every Transfer-Encoding, and every dropped field, makes of a framing.
  if (framing.kind !== 'unknown' || head.version === '2.0') return undefined
  // What decides may be among the dropped ones (RFC 9110 section 5.4, MUST).
  if (head.fieldsDropped === true) return refuse('fields', tooManyFields())
  const codings = fieldValue(head.headers['transfer-encoding'])?.split(',')
  return codings === undefined || codings.at(-1)?.trim().toLowerCase() === 'chunked'
    ? undefined
    : refuse('framing', unreadableFraming())
}

export function expectationRule(facts: HeadFacts, policy: Policy): Answer {
  const { expectation } = facts
  const negotiates = policy.acceptContinue
  if (policy.unknownExpectation === 'refuse') {
    if (expectation.kind === 'malformed') {
      return refuse('expectation', malformedExpectation(negotiates))
    }
    if (
      expectation.kind === 'unsupported' &&
      expectation.members.some((member) => !policy.expectations.has(member.name))
    ) {
      return refuse('expectation', unsupportedExpectation(negotiates))
    }
  }
  return !negotiates && awaitsContinue(facts)
    ? refuse('expectation', continueNotNegotiated())
    : undefined
}

export function lengthRule({ framing }: HeadFacts, policy: Policy): Answer {
  return policy.requireContentLength && framing.kind === 'unknown'
    ? refuse('length', lengthRequired())
    : undefined
}

export function sizeRule(
  { framing }: HeadFacts,
  { maxContentLength: limit }: Pick<Policy, 'maxContentLength'>,
): Answer {
  // Content of unknown length is counted as it is read: that is the Node layer's part.
  if (limit === undefined || framing.kind !== 'length' || framing.bytes <= limit) return undefined
  return refuse('size', contentTooLarge(limit, framing.bytes))
}

export function typeRule(
  head: RequestHead,
  { acceptedTypes }: Pick<Policy, 'acceptedTypes'>,
): Answer {
  if (acceptedTypes === undefined) return undefined
  const type = fieldValue(head.headers['content-type'])
  const accepted = type !== undefined && isAcceptedType(type, acceptedTypes)
  return accepted ? undefined : refuse('type', unsupportedMediaType(acceptedTypes))
}

/** Answers about one list of types. */
interface TypeAnswers {
  readonly list: readonly string[]
  /** The type asked for last: a header is a new string each time, which a `Map` has to hash. */
  latest: string
  accepted: boolean
  readonly known: Map<string, boolean>
}

const MOST_REMEMBERED = 100
const answersByList = new WeakMap<readonly string[], TypeAnswers>()
/** Asked last: most servers have one list. */
let latestAnswers: TypeAnswers | undefined

/** Clients send few different types, and to read one costs more than all other rules together. */
function isAcceptedType(type: string, acceptedTypes: readonly string[]): boolean {
  if (latestAnswers?.list !== acceptedTypes) latestAnswers = answersFor(acceptedTypes)
  const answers = latestAnswers
  if (type !== answers.latest) {
    answers.accepted = answers.known.get(type) ?? readType(type, acceptedTypes, answers)
    answers.latest = type
  }
  return answers.accepted
}

function readType(type: string, acceptedTypes: readonly string[], { known }: TypeAnswers): boolean {
  const accepted = typeIs.is(type, [...acceptedTypes]) !== false
  // Every multipart boundary makes another value: beyond the first few nothing is gained.
  if (known.size < MOST_REMEMBERED) known.set(type, accepted)
  return accepted
}

function answersFor(acceptedTypes: readonly string[]): TypeAnswers {
  const known = answersByList.get(acceptedTypes)
  if (known !== undefined) return known
  // No type is empty, and an empty one is accepted nowhere.
  const answers = {
    list: acceptedTypes,
    latest: '',
    accepted: false,
    known: new Map<string, boolean>(),
  }
  answersByList.set(acceptedTypes, answers)
  return answers
}

export function codingRule(head: RequestHead, { acceptedCodings }: Policy): Answer {
  const field = fieldValue(head.headers['content-encoding'])
  if (acceptedCodings === undefined || field === undefined) return undefined
  // Every coding that was applied has to be undone, so all of them must be accepted. `identity`
  // and empty list elements apply none (RFC 9110 sections 5.6.1 and 8.4).
  const accepted = field
    .split(',')
    .map(codingName)
    .every((name) => name === '' || name === 'identity' || acceptedCodings.has(name))
  return accepted ? undefined : refuse('coding', unsupportedContentCoding([...acceptedCodings]))
}
