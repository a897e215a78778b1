// What clients are told. One's own limit is 429, everybody's is 503, what could never fit is 413; and
// whoever may come back is told when (RFC 6585 section 4, RFC 9110 sections 10.2.3 and 15.6.4).

import { Refusal } from '@expectation/core'
import { rateLimitFields } from './rate-limit-fields.js'
import { HoldTime } from './retry-after.js'
import type { Limits, Shortage } from './store.js'

interface Refusing {
  readonly limits: Limits
  readonly advertise: boolean
}

/** 503 or 429: there is no room now. */
export function noRoom(shortage: Shortage, seconds: number, refusing: Refusing): Refusal {
  const own = shortage === 'tenant-slots' || shortage === 'tenant-bytes'
  const headers = {
    'Retry-After': String(seconds),
    ...(refusing.advertise && rateLimitFields(refusing.limits, shortage, seconds)),
  }
  const details = DETAILS[shortage]
  return own
    ? new Refusal(429, { reason: 'too_many_uploads', details, headers })
    : new Refusal(503, { reason: 'uploads_at_capacity', details, headers })
}

/** One upload may be too large for what is left: then nothing is said of how many there are. */
const DETAILS: Readonly<Record<Shortage, string>> = {
  slots: 'As many uploads are under way as the service takes at a time. Try again later.',
  bytes: 'The service has no room for so much content at the moment. Try again later.',
  'tenant-slots':
    'You have as many uploads under way as you may have. Wait until one of them is done.',
  'tenant-bytes':
    'With what you have under way this is more content than you may send at a time. Wait until some of it is done.',
}

/** 503: whoever counts cannot be asked, or this process takes no more uploads. */
export function unavailable(seconds: number): Refusal {
  return new Refusal(503, {
    reason: 'admission_unavailable',
    details: 'It cannot be found out at the moment whether there is room. Try again later.',
    headers: { 'Retry-After': String(seconds) },
  })
}

/**
 * 413: it could not fit if nobody else were there.
 *
 * @param declared - Absent for content that was counted as it came.
 */
export function neverFits(limit: number, declared?: number): Refusal {
  return new Refusal(413, {
    reason: 'content_too_large',
    details: declared === undefined ? { limit } : { limit, declared },
  })
}

/** 503: this process has as much to do as it can. Not all come back at one moment. */
export function busy(): Refusal {
  return new Refusal(503, {
    reason: 'uploads_at_capacity',
    details: DETAILS.slots,
    headers: { 'Retry-After': String(new HoldTime().retryAfter()) },
  })
}
