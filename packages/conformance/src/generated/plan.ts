// What one generated connection does: requests, how their bytes are cut, and what the client does in
// between. Framing is always right here, so that the model knows where every message ends.

import fc from 'fast-check'
import type { Role } from '../cases/case.js'
import type { Routes } from '../run/routes.js'

export type PlannedFraming = 'none' | 'length' | 'chunked'
export type Abort = 'none' | 'half-close' | 'reset'

export interface PlannedRequest {
  readonly to: Role
  readonly version: '1.0' | '1.1'
  readonly expect: readonly string[]
  readonly framing: PlannedFraming
  /** Sizes of the parts of the content; chunks, where it is chunked. */
  readonly parts: readonly number[]
  /** The content is a request in itself, which must never be served. */
  readonly smuggles: boolean
  /** The client sends no content before it has an answer, when it asked for one. */
  readonly waits: boolean
  /** Where the bytes of head and content are cut, as parts of a thousand. */
  readonly cuts: readonly number[]
  readonly gapMs: number
}

export interface Plan {
  readonly requests: readonly PlannedRequest[]
  /** All of it in one write, whatever the cuts say. */
  readonly pipelined: boolean
  /** What the client does at the end of its bytes, or in the middle of the last request. */
  readonly abort: Abort
  /** The client goes on sending after an answer that closes. */
  readonly stubborn: boolean
}

const wellKnown = [
  '100-continue',
  '100-CONTINUE',
  '100-continue, 100-continue',
  ',100-continue,',
  '100-continue;q=1',
  '100-continue=1',
  '"100-continue"',
  'y 100-continue',
  'x-100-continue',
  '100-continue, foo',
  'foo="a, 100-continue"',
  'something-else',
  '',
  ',',
]
const pieces = [
  '100-continue',
  '100-Continue',
  ',',
  ' ',
  '\t',
  '"',
  '\\',
  '=',
  ';',
  'foo',
  'a',
  '100',
  '-',
  '\u00e9',
]

const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('100-continue') },
  { weight: 3, arbitrary: fc.constantFrom(...wellKnown) },
  {
    weight: 4,
    arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((all) => all.join('')),
  },
)

const roles: readonly Role[] = [
  'reads',
  'refuses',
  'limit',
  'hello',
  'early',
  'missing',
  'readsThenRefuses',
  'throws',
  'partial',
]

export function planArbitrary(routes: Routes): fc.Arbitrary<Plan> {
  const known = roles.filter((role) => routes[role] !== undefined)
  const request = fc.record<PlannedRequest>({
    to: fc.constantFrom(...known),
    version: fc.oneof(
      { weight: 9, arbitrary: fc.constant<'1.1'>('1.1') },
      { weight: 1, arbitrary: fc.constant<'1.0'>('1.0') },
    ),
    expect: fc.array(value, { maxLength: 2 }),
    framing: fc.constantFrom<PlannedFraming>('length', 'chunked', 'none'),
    parts: fc.array(fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 3000 })), { maxLength: 3 }),
    smuggles: fc.boolean(),
    waits: fc.boolean(),
    cuts: fc.array(fc.nat({ max: 1000 }), { maxLength: 3 }),
    gapMs: fc.nat({ max: 3 }),
  })
  return fc.record<Plan>({
    requests: fc.array(request, { minLength: 1, maxLength: 3 }),
    pipelined: fc.boolean(),
    abort: fc.oneof(
      { weight: 8, arbitrary: fc.constant<Abort>('none') },
      { weight: 1, arbitrary: fc.constant<Abort>('half-close') },
      { weight: 1, arbitrary: fc.constant<Abort>('reset') },
    ),
    stubborn: fc.boolean(),
  })
}
