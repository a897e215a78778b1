// The refusals that the library itself gives, each made in one place, so that the check of a
// declared length and the count of what is really read give the same answer.

import { Refusal } from './refusal.js'

const SEND_AGAIN =
  'Send the request again without the Expect header, or with exactly: Expect: 100-continue'

/** 417 for a member that nobody supports (RFC 9110 section 10.1.1, R4). */
export function unsupportedExpectation(): Refusal {
  return new Refusal(417, { reason: 'unsupported_expectation', details: SEND_AGAIN })
}

/** 417 for a value outside the grammar (R1). */
export function malformedExpectation(): Refusal {
  return new Refusal(417, { reason: 'malformed_expectation', details: SEND_AGAIN })
}

/** 417 of a server that was told not to negotiate (`acceptContinue: false`). */
export function continueNotNegotiated(): Refusal {
  return new Refusal(417, {
    reason: 'unsupported_expectation',
    details: '100-continue negotiation not supported',
  })
}

/** 411 (RFC 9110 section 15.5.12). */
export function lengthRequired(): Refusal {
  return new Refusal(411, { details: 'Send the request again with a Content-Length header' })
}

/**
 * 413 (RFC 9110 section 15.5.14).
 *
 * @param limit - In bytes.
 * @param declared - The `Content-Length` in bytes; absent when the content was counted as it came.
 */
export function contentTooLarge(limit: number, declared?: number): Refusal {
  return new Refusal(413, { details: { limit, declared } })
}

/** 415 with the `Accept` that RFC 9110 section 15.5.16 suggests. */
export function unsupportedMediaType(accepted: readonly string[]): Refusal {
  return new Refusal(415, {
    reason: 'unsupported_media_type',
    details: { accepted },
    headers: { Accept: accepted.join(', ') },
  })
}

/** 415 with the `Accept-Encoding` that RFC 9110 section 15.5.16 asks for. */
export function unsupportedContentCoding(accepted: readonly string[]): Refusal {
  const codings = accepted.length === 0 ? ['identity'] : accepted
  return new Refusal(415, {
    reason: 'unsupported_content_coding',
    details: { accepted: codings },
    headers: { 'Accept-Encoding': codings.join(', ') },
  })
}

/** 503: the checks were not done in time; trying again is worth it (R22). */
export function checkTimedOut(): Refusal {
  return new Refusal(503, {
    reason: 'check_timed_out',
    details: 'The checks of this request did not finish in time. Try again.',
    headers: { 'Retry-After': '1' },
  })
}

/** 408 (RFC 9110 section 15.5.9): asked for with a 100, and nothing came. */
export function contentTimedOut(): Refusal {
  return new Refusal(408, { details: 'No content came after 100 Continue' })
}
