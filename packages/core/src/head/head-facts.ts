// What a head says about its content and its expectation, read once for all rules.

import { type Expectation, parseExpect } from '../parse/expect.js'
import { type Framing, parseFraming } from './framing.js'
import type { RequestHead } from './request-head.js'

export interface HeadFacts {
  readonly framing: Framing
  readonly expectation: Expectation
}

export function readHeadFacts(head: RequestHead): HeadFacts {
  return { framing: parseFraming(head), expectation: readExpectation(head) }
}

/**
 * A 100 is owed, if the rules let the request through. Without content there is nothing to wait for:
 * 100-continue is ignored there (R6, R13).
 */
export function awaitsContinue({ framing, expectation }: HeadFacts): boolean {
  if (framing.kind === 'none') return false
  return (
    expectation.kind === 'continue' ||
    (expectation.kind === 'unsupported' && expectation.withContinue)
  )
}

/**
 * What a request expects. HTTP/1.0 knows no expectations: there the answer is always `none`
 * (RFC 9110 section 10.1.1, R11).
 */
export function readExpectation(head: RequestHead): Expectation {
  return parseExpect(head.version === '1.0' ? undefined : head.headers.expect)
}
