// Whether one response is what a step wants. Pure: a response in, a fault as a sentence out.

import { createHash } from 'node:crypto'
import type { FieldRule, Final, Statuses } from '../cases/case.js'
import type { Route } from './routes.js'

/** What HTTP/1 and HTTP/2 answers have in common. */
export interface Answer {
  readonly status: number
  readonly text: string
  field(name: string): string | undefined
}

/** The server is not to blame: a route cannot do what the case needs of it. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun'
}

export const NO_NEGOTIATION = '100-continue is answered with 417, as RFC 9110 10.1.1 leaves open'

/** The first thing that is wrong with a final response, or undefined. */
export function faultOf(answer: Answer, wanted: Final, content?: Buffer): string | undefined {
  const { status, fields = {} } = wanted
  if (status !== undefined && !statusIs(answer.status, status)) {
    return `status ${answer.status}, expected ${status.join(' or ')}`
  }
  const judged = wanted.when === undefined || wanted.when === answer.status ? fields : {}
  for (const [name, rule] of Object.entries(judged)) {
    const fault = fieldFault(name, answer.field(name), rule)
    if (fault !== undefined) return fault
  }
  return content === undefined ? undefined : contentFault(answer, content)
}

export function statusIs(status: number, wanted: Statuses): boolean {
  return wanted.some((each) => {
    if (typeof each === 'number') return each === status
    if (each === 'error') return status >= 400 && status <= 599
    return Math.floor(status / 100) === Number(each[0])
  })
}

function fieldFault(name: string, value: string | undefined, rule: FieldRule): string | undefined {
  if (rule === false) return value === undefined ? undefined : `${name}: ${value}, expected none`
  if (value === undefined) return `no ${name} field`
  if (rule === true || new RegExp(rule, 'i').test(value)) return undefined
  return `${name}: ${value}, expected to match ${rule}`
}

/**
 * Without `Expect` the same content was refused: whether it would arrive after a 100 cannot be told.
 *
 * @throws CannotRun
 */
export function mustTake(answer: Answer | undefined, length: number, route: Route): void {
  if (answer === undefined || answer.status < 400) return
  const { method, target } = route
  throw new CannotRun(
    `${method} ${target} answers ${answer.status} to ${length} bytes without Expect: raise its limit`,
  )
}

/** A route that reads answers `{ "length": 5, "sha256": "…" }`; anything beside is ignored. */
export function contentFault(answer: Answer, content: Buffer): string | undefined {
  const told = readTold(answer.text)
  if (told === undefined)
    return `the answer tells no length: ${JSON.stringify(answer.text.slice(0, 100))}`
  if (told.length !== content.length) {
    return `${told.length} bytes of content were read, ${content.length} were sent`
  }
  const digest = createHash('sha256').update(content).digest('hex')
  return told.sha256 === undefined || told.sha256 === digest
    ? undefined
    : 'other content was read than was sent'
}

function readTold(text: string): { length: number; sha256?: string } | undefined {
  const length = /"length":\s*(\d+)/.exec(text)?.[1]
  if (length === undefined) return undefined
  const sha256 = /"sha256":\s*"([0-9a-f]{64})"/.exec(text)?.[1]
  return { length: Number(length), ...(sha256 === undefined ? {} : { sha256 }) }
}
