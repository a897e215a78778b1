// Fields that a bare server's gate sends with each answer of its own: no framework is there to set them,
// and without CORS fields a page never sees the refusal. Never over what a refusal says itself.

import { type HeadView, viewOf } from '../head/head-view.js'
import type { RequestHead } from '../head/request-head.js'
import type { ReportFault } from '../refusal/formatter.js'
import { isFieldName, isFieldValue } from '../refusal/header-field.js'
import { OptionError } from '../validation/option-error.js'
import { isRecord } from '../validation/record.js'
import { isThenable } from './thenable.js'

type Fields = Readonly<Record<string, string>>

/** Fields by name, or a function of the head that gives them, such as one that answers `Origin`. */
export type AnswerHeaders = Fields | ((head: HeadView) => Fields | undefined)

const NONE: Fields = Object.freeze({})
const REMEDY =
  'Give fields by name with values in Latin-1, none of content or connection, or a function (head) ' +
  'that returns them.'

/** Those of the gate itself: another value would break the framing (RFC 9112 section 6). */
const OWNED = /^(content-(length|type)|transfer-encoding|connection|keep-alive|trailer|upgrade)$/i

/**
 * @param report - Told why a function was without effect.
 * @returns The fields for a request. A function that throws, or gives what cannot be sent, gives none:
 * the refusal is answered all the same.
 * @throws {@link OptionError} when the option is neither fields nor a function.
 */
export function readAnswerHeaders(
  option: string,
  headers: AnswerHeaders | undefined,
  report: ReportFault = ignore,
): (head: RequestHead) => Fields {
  if (headers === undefined) return () => NONE
  if (typeof headers === 'function') return (head) => given(headers, head, report)
  const fields = sendable(headers)
  if (fields === undefined) throw new OptionError({ option, received: headers, remedy: REMEDY })
  return () => fields
}

/** Without what it returned: that may hold what a client sent. */
const WRONG_ANSWER =
  'It returned no fields that can be sent. Return fields by name with values in Latin-1, none of content or ' +
  'connection, at once and no promise.'

function ignore(): void {}

function given(
  headers: (head: HeadView) => Fields | undefined,
  head: RequestHead,
  report: ReportFault,
): Fields {
  try {
    const fields: unknown = headers(viewOf(head))
    if (fields === undefined) return NONE
    // An asynchronous function cannot be waited for here; what it rejects with must not end the process.
    if (isThenable(fields)) Promise.resolve(fields).then(undefined, ignore)
    const valid = sendable(fields)
    if (valid === undefined) report(new TypeError(WRONG_ANSWER))
    return valid ?? NONE
  } catch (error) {
    report(error)
    return NONE
  }
}

function sendable(fields: unknown): Fields | undefined {
  if (!isRecord(fields)) return undefined
  const entries: readonly (readonly [string, unknown])[] = Object.entries(fields)
  const valid = entries.every(
    ([name, value]) =>
      isFieldName(name) && !OWNED.test(name) && typeof value === 'string' && isFieldValue(value),
  )
  return valid ? Object.freeze({ ...fields }) : undefined
}
