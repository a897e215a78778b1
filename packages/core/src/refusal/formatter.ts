// Runs an application's own formatter. It runs while an error is being answered, so its own faults
// must not become the answer: whatever is wrong with it counts as no body at all.

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

function ignore(): void {}

/** @returns `undefined` when the formatter throws, or returns what cannot be sent. */
export function formatted(
  formatter: BodyFormatter,
  facts: ErrorFacts,
  head: RequestHead,
): FormattedBody | undefined {
  try {
    const result: unknown = formatter(facts, viewOf(head))
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
  } catch {
    return undefined
  }
}
