// What a storage, or the way to it, answers to an upload, as what the client of this service should know.
// The storage's own words stay in `cause`: they name buckets, keys and accounts.

import { isRefusal, Refusal } from '@expectation/core'
import { fieldOf, textOf } from '../field-of.js'
import { parseHttpDate } from '../http-date.js'
import { noRoom, unmet } from '../refusals.js'

const BUSY = new Set([
  'SlowDown',
  'ServiceUnavailable',
  'Throttling',
  'ThrottlingException',
  'TooManyRequests',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'ServerBusy',
])
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTDOWN',
])
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'])

/** A refusal for what the client should know; anything else, a fault of the service, as it is. */
export function relayed(error: unknown): unknown {
  if (isRefusal(error)) return error
  const status = statusOf(error)
  return status === undefined ? notAnswered(error) : answered(status, error)
}

function answered(status: number, error: unknown): Refusal {
  const name = textOf(error, 'name')
  if (BUSY.has(name) || status === 503 || status === 429) return busy(error)
  // It has waited for content, or a connection, for as long as it does.
  if (name === 'RequestTimeout' || status === 408) return silent(error)
  // An object that is not there is none that IfMatch names; nothing else that stores asks for one.
  if (status === 412 || name === 'NoSuchKey') return unmet(error)
  if (status === 409)
    return new Refusal(409, { details: 'Somebody else is storing under this name.', cause: error })
  if (status === 413 || name === 'EntityTooLarge') return new Refusal(413, { cause: error })
  if (status === 507) return noRoom(error)
  // A success that cannot be read is none: what stands in front of a storage says so, too.
  if (status < 300 || (status >= 500 && status !== 501)) return failed(error)
  return new Refusal(502, {
    reason: 'storage_refused',
    details: 'The storage does not take this upload.',
    cause: error,
  })
}

/** Whether the same command may have another answer in a while. */
export function mayPass(error: unknown): boolean {
  const status = statusOf(error) ?? 500
  return status >= 500 || status === 429 || status === 408 || BUSY.has(textOf(error, 'name'))
}

function notAnswered(error: unknown): unknown {
  const code = codeOf(error)
  const name = textOf(error, 'name')
  if (UNREACHABLE.has(code)) {
    return new Refusal(502, { reason: 'upstream_unreachable', cause: error })
  }
  // By its code first: the SDK names every connection that ends early a TimeoutError.
  if (BROKEN.has(code) || code.startsWith('HPE_')) return failed(error)
  const late = code === 'ETIMEDOUT' || name === 'TimeoutError' || name === 'AbortError'
  return late ? silent(error) : error
}

// An error of another realm, as all of Node's are under Jest, the SDK wraps in one without its code.
function codeOf(error: unknown): string {
  const wrapped = /^AWS SDK error wrapper for .*\b(E[A-Z_]{3,}|HPE_[A-Z_]+)\b/
  return textOf(error, 'code') || (wrapped.exec(textOf(error, 'message'))?.[1] ?? '')
}

function busy(error: unknown): Refusal {
  const after = retryAfter(error)
  return new Refusal(503, {
    details: 'The storage takes no upload at the moment.',
    ...(after === undefined ? {} : { headers: { 'Retry-After': after } }),
    cause: error,
  })
}

/** The storage, or the way to it, has a fault. */
export function failed(error: unknown): Refusal {
  return new Refusal(502, { reason: 'upstream_failed', cause: error })
}

/** The storage takes no more content, or says nothing. */
export function silent(cause?: unknown): Refusal {
  return new Refusal(504, { reason: 'upstream_timeout', ...(cause === undefined ? {} : { cause }) })
}

function statusOf(error: unknown): number | undefined {
  const status = fieldOf(fieldOf(error, '$metadata'), 'httpStatusCode')
  return typeof status === 'number' ? status : undefined
}

/** Seconds or a date (RFC 9110 section 10.2.3). */
function retryAfter(error: unknown): string | undefined {
  const value = fieldOf(fieldOf(fieldOf(error, '$response'), 'headers'), 'retry-after')
  if (typeof value !== 'string') return undefined
  return /^\d{1,9}$/.test(value) || parseHttpDate(value) !== undefined ? value : undefined
}
