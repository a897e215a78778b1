// What a head says about its content and its expectation, read once for all rules.

import { type Framing, parseFraming } from '../head/framing.js'
import type { RequestHead } from '../head/request-head.js'
import { type Expectation, readExpectation } from '../parse/expect.js'

export interface Reading {
  readonly framing: Framing
  readonly expectation: Expectation
  /** A 100 is owed, if the rules let the request through. */
  readonly awaitsContinue: boolean
}

export function readHead(head: RequestHead): Reading {
  const framing = parseFraming(head)
  const expectation = readExpectation(head)
  return {
    framing,
    expectation,
    awaitsContinue: framing.kind !== 'none' && asksToContinue(expectation),
  }
}

// Without content there is nothing to wait for: 100-continue is ignored there (R6, R13).
function asksToContinue(expectation: Expectation): boolean {
  return (
    expectation.kind === 'continue' ||
    (expectation.kind === 'unsupported' && expectation.withContinue)
  )
}
