// The refusals that the library itself gives, each made in one place, so that the check of a
// declared length and the count of what is really read give the same answer.

import type { JsonObject } from './json.js'
import { Refusal, StockFacts } from './refusal.js'

/**
 * Where a rule stands in this library tells nobody anything, and capturing the stack would be a
 * quarter of what a refused request costs.
 */
function refusal(status: number, options: Stock): Refusal {
  const stock = new StockFacts(status, options.reason, options.details, options.headers)
  const { stackTraceLimit } = Error
  if (!limitStackTraces(0)) return new Refusal(status, stock)
  try {
    return new Refusal(status, stock)
  } finally {
    limitStackTraces(stackTraceLimit)
  }
}

/** Not by `Reflect.set`, which V8 does slowly. */
function limitStackTraces(frames: number): boolean {
  try {
    Error.stackTraceLimit = frames
    return true
  } catch {
    // Under --frozen-intrinsics it cannot be set.
    return false
  }
}

interface Stock {
  readonly reason?: string
  readonly details?: string | JsonObject
  readonly headers?: Readonly<Record<string, string>>
}

const WITHOUT_EXPECT = 'Send the request again without the Expect header'
const SEND_AGAIN = `${WITHOUT_EXPECT}, or with exactly: Expect: 100-continue`

/**
 * 417 for a member that nobody supports (RFC 9110 section 10.1.1, R4).
 *
 * @param negotiates - Whether `100-continue` would be accepted; else it is not offered.
 */
export function unsupportedExpectation(negotiates = true): Refusal {
  const details = negotiates ? SEND_AGAIN : WITHOUT_EXPECT
  return refusal(417, { reason: 'unsupported_expectation', details })
}

/** 417 for a value outside the grammar (R1). */
export function malformedExpectation(negotiates = true): Refusal {
  const details = negotiates ? SEND_AGAIN : WITHOUT_EXPECT
  return refusal(417, { reason: 'malformed_expectation', details })
}

/** 431 for a head of which the server keeps only the first fields (RFC 9110 section 5.4). */
export function tooManyFields(): Refusal {
  return refusal(431, { details: 'Send fewer header fields' })
}

/** 417 of a server that was told not to negotiate (`acceptContinue: false`). */
export function continueNotNegotiated(): Refusal {
  return refusal(417, {
    reason: 'unsupported_expectation',
    details: '100-continue negotiation not supported',
  })
}

/** 411 (RFC 9110 section 15.5.12). */
export function lengthRequired(): Refusal {
  return refusal(411, { details: 'Send the request again with a Content-Length header' })
}

/**
 * 413 (RFC 9110 section 15.5.14).
 *
 * @param limit - In bytes.
 * @param declared - The `Content-Length` in bytes; absent when the content was counted as it came.
 */
export function contentTooLarge(limit: number, declared?: number): Refusal {
  return refusal(413, { details: declared === undefined ? { limit } : { limit, declared } })
}

/** 415 with the `Accept` that RFC 9110 section 15.5.16 suggests. */
export function unsupportedMediaType(accepted: readonly string[]): Refusal {
  return refusal(415, {
    reason: 'unsupported_media_type',
    details: { accepted: Object.freeze([...accepted]) },
    headers: { Accept: accepted.join(', ') },
  })
}

/** 415 with the `Accept-Encoding` that RFC 9110 section 15.5.16 asks for. */
export function unsupportedContentCoding(accepted: readonly string[]): Refusal {
  const codings = Object.freeze(accepted.length === 0 ? ['identity'] : [...accepted])
  return refusal(415, {
    reason: 'unsupported_content_coding',
    details: { accepted: codings },
    headers: { 'Accept-Encoding': codings.join(', ') },
  })
}

/** 503: the checks were not done in time; trying again is worth it (RFC 9110 section 15.6.4). */
export function checkTimedOut(): Refusal {
  return refusal(503, {
    reason: 'check_timed_out',
    details: 'The checks of this request did not finish in time. Try again.',
    headers: { 'Retry-After': '1' },
  })
}

/** 408 (RFC 9110 section 15.5.9): asked for with a 100, and nothing came. */
export function contentTimedOut(): Refusal {
  return refusal(408, { details: 'No content came after 100 Continue' })
}

/** 404 for a request that no route took. */
export function notFound(): Refusal {
  return refusal(404, { reason: 'not_found' })
}

/** 400 for more than one `Host` (RFC 9112 section 3.2). */
export function repeatedHost(): Refusal {
  return refusal(400, { details: 'Send one Host header' })
}

/** 400 for a `Transfer-Encoding` that does not end in chunked (RFC 9112 section 6.3). */
export function unreadableFraming(): Refusal {
  return refusal(400, { details: 'Transfer-Encoding must end in chunked' })
}
