// Who is on the way, as far as they say so themselves: fields of their answers, and the words of a body. The
// choice between remedies depends on it, and on the words alone who answered 417 or 413.

import type { FieldLine } from '@expectation/conformance'

export type Software =
  | 'nginx'
  | 'apache'
  | 'caddy'
  | 'lighttpd'
  | 'h2o'
  | 'varnish'
  | 'squid'
  | 'cloudfront'
  | 'cloudflare'
  | 'envoy'
  | 'express'
  | 'node'
  | 'expectation'

interface Answer {
  readonly status: number
  readonly fields: readonly FieldLine[]
  readonly body: string
}

interface Sign {
  readonly software: Software
  readonly field: string
  readonly value: RegExp
}

const SIGNS: readonly Sign[] = [
  { software: 'nginx', field: 'server', value: /\b(?:nginx|openresty)\b/i },
  { software: 'apache', field: 'server', value: /\bapache\b/i },
  { software: 'caddy', field: 'server', value: /\bcaddy\b/i },
  { software: 'caddy', field: 'via', value: /\bcaddy\b/i },
  { software: 'lighttpd', field: 'server', value: /\blighttpd\b/i },
  { software: 'h2o', field: 'server', value: /\bh2o\b/i },
  { software: 'varnish', field: 'via', value: /\bvarnish\b/i },
  { software: 'varnish', field: 'x-varnish', value: /\d/ },
  { software: 'squid', field: 'via', value: /\bsquid\b/i },
  { software: 'squid', field: 'server', value: /\bsquid\b/i },
  { software: 'cloudfront', field: 'via', value: /\bcloudfront\b/i },
  { software: 'cloudflare', field: 'server', value: /\bcloudflare\b/i },
  { software: 'envoy', field: 'server', value: /\b(?:envoy|istio-envoy)\b/i },
  { software: 'express', field: 'x-powered-by', value: /^express$/i },
  { software: 'node', field: 'keep-alive', value: /^timeout=5$/ },
]

const REASON = /^[a-z][a-z0-9_]*$/
/** What the page of a refusal ends with. */
const ON_A_PAGE = /<small>Reason: <code>[a-z][a-z0-9_]*<\/code><\/small>/
const PROBLEM_TYPE = 'urn:expectation:error#'

/**
 * Reasons of the gate that others hardly use. In the flat shape they are all there is to tell it by: `error`
 * as a text is the form of OAuth (RFC 6749 section 5.2) and of many others.
 */
const OWN_REASONS: ReadonlySet<unknown> = new Set([
  'check_timed_out',
  'content_too_large',
  'malformed_expectation',
  'too_many_uploads',
  'unsupported_content_coding',
  'unsupported_expectation',
  'uploads_at_capacity',
])

/** Is this a body of the gate? They name a reason: as JSON in each of its shapes, or as a page. */
export function saysOurReason({ status, body }: Answer): boolean {
  if (ON_A_PAGE.test(body)) return true
  const { error, message, type, reason } = members(parsed(body))
  if (typeof error === 'string') return OWN_REASONS.has(error) && typeof message === 'string'
  if (typeof type === 'string') return isReason(reason) && type === PROBLEM_TYPE + reason
  const inner = members(error)
  return inner.code === status && isReason(inner.reason) && typeof inner.message === 'string'
}

function isReason(value: unknown): value is string {
  return typeof value === 'string' && REASON.test(value)
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

export function softwareIn(answer: Answer): readonly Software[] {
  const { fields } = answer
  const found = SIGNS.filter(({ field, value }) =>
    fields.some(([name, text]) => name.toLowerCase() === field && value.test(text)),
  ).map(({ software }) => software)
  return [...new Set(saysOurReason(answer) ? [...found, 'expectation' as const] : found)]
}
