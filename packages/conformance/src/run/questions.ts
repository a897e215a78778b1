// What is asked of each role before the first case, without `Expect`, and what it must answer. A wrong role
// would make a right server look wrong. `counts` is asked by preflight.ts: one answer does not show it.

import { FIVE } from '../cases/bytes.js'
import type { Role } from '../cases/case.js'
import { type Answer, contentFault } from './judge.js'

export interface Question {
  /** A template; absent: a request without content. */
  readonly content?: string
  readonly chunked?: true
  readonly fields?: Readonly<Record<string, string>>
  /** What it is about beside the route, as a template for the message. */
  readonly about?: string
  readonly fault: (answer: Answer, content: Buffer) => string | undefined
}

const status = (...wanted: readonly number[]): Question['fault'] => {
  return (answer) =>
    wanted.includes(answer.status)
      ? undefined
      : `answered ${answer.status}, not ${wanted.join(' or ')}`
}
const succeeds: Question['fault'] = ({ status: seen }) =>
  seen >= 200 && seen < 300 ? undefined : `answered ${seen}, not 2xx`
const readsAll: Question['fault'] = (answer, content) =>
  succeeds(answer, content) ?? contentFault(answer, content)
const refuses: Question['fault'] = ({ status: seen }) =>
  seen >= 400 ? undefined : `answered ${seen}, not a refusal`

const five = (fault: Question['fault'], fields = {}): readonly Question[] => [
  { content: FIVE, fields, fault },
]

export const questions: Readonly<Record<Exclude<Role, 'counts'>, readonly Question[]>> = {
  hello: [{ fault: succeeds }],
  reads: five(readsAll),
  refuses: five(
    (answer, content) =>
      refuses(answer, content) ??
      (answer.status === 417 ? '417 is no refusal of a route' : undefined),
  ),
  limit: [
    { content: '{limit.content}', about: '{limit} bytes', fault: readsAll },
    { content: '{limit.content}x', about: '{limit+1} bytes', fault: refuses },
  ],
  slow: five(readsAll),
  slowRefuses: five(refuses),
  early: five(succeeds),
  readsThenRefuses: five(refuses),
  partial: five(refuses),
  throws: five(status(500)),
  missing: five(status(404)),
  methods: five(status(405)),
  typed: five(status(415), { 'Content-Type': 'text/x-unwanted' }),
  coded: five(readsAll),
  lengthRequired: [
    { content: FIVE, chunked: true, about: 'content in chunks', fault: status(411) },
  ],
  busy: five(status(429, 503)),
  upgrade: [
    {
      content: FIVE,
      fields: { Connection: 'Upgrade', Upgrade: 'conformance' },
      about: 'Upgrade: conformance',
      fault: status(101),
    },
  ],
}
