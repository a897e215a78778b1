// From the facts of an error to a whole response, except for Connection, which is the Node layer's.
// Always one body of exact length that is never cached; never throws.

import type { RequestHead } from '../head/request-head.js'
import { preferenceOf } from './accept.js'
import { requiredHeaders } from './companions.js'
import type { ErrorFacts } from './error-facts.js'
import type { BodyFormatter, Format } from './format.js'
import { formatted, type ReportFault } from './formatter.js'
import { mergeFields, type SentFields } from './header-field.js'
import type { JsonObject } from './json.js'
import { errorPage, pageHeaders } from './page.js'
import { errorBody, flatBody, problemBody } from './shapes.js'

export type { BodyFormatter, Format } from './format.js'

/** A response, ready to be written. */
export interface RenderedError {
  readonly status: number
  /**
   * In canonical capitalisation: Content-Type, Content-Length, Cache-Control, what the status
   * requires, and the thrower's fields; a list is as many lines.
   */
  readonly headers: SentFields
  readonly body: string
}

interface Content {
  readonly type: string
  readonly body: string
  /** What this type needs beside itself. */
  readonly headers?: Readonly<Record<string, string>>
}

const JSON_TYPE = 'application/json; charset=utf-8'
const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'
const PAGE_TYPE = 'text/html; charset=utf-8'

const UTF_8 = new TextEncoder()
/** Nearly every error is shorter. */
const SCRATCH = new Uint8Array(4096)

/**
 * Renders the response to an error.
 *
 * @param format - The server's choice. Default `'error'`. A client that prefers
 * `application/problem+json` or `text/html` in `Accept` gets that, unless it is a function.
 * @param report - Told why a function was without effect, and `'error'` took its place.
 */
export function renderError(
  facts: ErrorFacts,
  head: RequestHead,
  format: Format = 'error',
  report?: ReportFault,
): RenderedError {
  const content =
    typeof format === 'function'
      ? ownContent(facts, head, format, report)
      : negotiatedContent(facts, head, format)
  const described = {
    'Content-Type': content.type,
    'Content-Length': String(byteLength(content.body)),
    'Cache-Control': 'no-store',
  }
  const given = requiredHeaders(facts.status, facts.headers, facts.carried)
  const plain = content.headers === undefined && Object.keys(given).length === 0
  const headers = plain ? described : mergeFields(given, described, content.headers)
  return { status: facts.status, headers, body: content.body }
}

/** Encoded where nobody keeps it, in place of a loop over its characters: 1,000 instructions, not 6,000. */
function byteLength(text: string): number {
  const { read, written } = UTF_8.encodeInto(text, SCRATCH)
  return read === text.length ? written : UTF_8.encode(text).byteLength
}

function negotiatedContent(
  facts: ErrorFacts,
  head: RequestHead,
  format: Exclude<Format, BodyFormatter>,
): Content {
  const preference = preferenceOf(head)
  if (preference === 'page')
    return { type: PAGE_TYPE, headers: pageHeaders, body: errorPage(facts) }
  if (preference === 'problem' || format === 'problem') {
    return { type: PROBLEM_TYPE, body: JSON.stringify(problemBody(facts)) }
  }
  return jsonContent(format === 'flat' ? flatBody(facts) : errorBody(facts))
}

function ownContent(
  facts: ErrorFacts,
  head: RequestHead,
  format: BodyFormatter,
  report?: ReportFault,
): Content {
  const own = formatted(format, facts, head, report)
  if (own === undefined) return jsonContent(errorBody(facts))
  return { type: own.contentType ?? JSON_TYPE, body: own.body }
}

function jsonContent(body: JsonObject): Content {
  return { type: JSON_TYPE, body: JSON.stringify(body) }
}
