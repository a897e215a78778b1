// Runs an application's own formatter. It runs while an error is being answered, so its own faults
// must not become the answer: whatever is wrong with it counts as no body at all, and is reported.

import { viewOf } from '../head/head-view.js'
import type { RequestHead } from '../head/request-head.js'
import type { ErrorFacts } from './error-facts.js'
import type { BodyFormatter } from './format.js'
import { isFieldValue } from './header-field.js'
import { stringProperty } from './thrown.js'

export interface FormattedBody {
  /** Absent for JSON. */
  readonly contentType?: string
  readonly body: string
}

/** Told why a function of the application was without effect. */
export type ReportFault = (fault: unknown) => void

/** Without what it returned: that may hold what a client sent. */
const WRONG_ANSWER =
  'It returned no body. Return an object for JSON, or text as { contentType, body }, at once and no promise.'

function ignore(): void {}

/**
 * @param report - Told what the formatter threw, or why what it returned cannot be sent.
 * @returns `undefined` in either case.
 */
export function formatted(
  formatter: BodyFormatter,
  facts: ErrorFacts,
  head: RequestHead,
  report: ReportFault = ignore,
): FormattedBody | undefined {
  try {
    const result: unknown = formatter(facts, viewOf(head))
    const body = sendable(result)
    if (body === undefined) report(new TypeError(WRONG_ANSWER))
    return body
  } catch (error) {
    report(error)
    return undefined
  }
}

function sendable(result: unknown): FormattedBody | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  // A promise would be written as {}: formatters are synchronous. Nobody waits for it to reject.
  if ('then' in result) {
    Promise.resolve(result).catch(ignore)
    return undefined
  }
  const contentType = stringProperty(result, 'contentType')
  const body = stringProperty(result, 'body')
  if (contentType !== undefined && body !== undefined) {
    return contentType !== '' && isFieldValue(contentType) ? { contentType, body } : undefined
  }
  const json: string | undefined = JSON.stringify(result)
  return json?.startsWith('{') ? { body: json } : undefined
}
