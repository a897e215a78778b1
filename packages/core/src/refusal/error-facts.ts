// What may be told about anything that was thrown. Never throws, whatever it is given.
// Message and headers are shown only when they were made to be shown, whatever the status: an SDK's
// error of 401 tells about the server's own credentials. Stacks and causes never get here.

import { reasonFor, titleFor } from './catalogue.js'
import type { Fields } from './header-field.js'
import { copyJsonObject, type JsonObject } from './json.js'
import { recognize, refusalIn } from './known-errors.js'
import { stockFactsOf } from './refusal.js'
import { fieldsProperty, property, statusProperty, stringProperty } from './thrown.js'

/** Everything that a response may say about an error. */
export interface ErrorFacts {
  /** 400 to 599. */
  readonly status: number
  /** Machine-readable slug; see the catalogue. */
  readonly reason: string
  /** For people. */
  readonly message: string
  readonly details?: string | JsonObject
  /** Valid fields only, none that belongs to the message or the connection; a list for one of several lines. */
  readonly headers: Fields
  /** Names in lower case of required fields that the response carries already; see `withCarried`. */
  readonly carried?: readonly string[]
}

const REASON = /^[a-z][a-z0-9_]*$/

/**
 * Describes a thrown value: refusals, http-errors and everything like them (`status`, `statusCode`,
 * `expose`, `headers`), Boom, Fastify, body-parser and multer errors. Anything else is a 500
 * `internal_error` that tells nothing.
 *
 * The message is told, and the headers are, of refusals, of errors with `expose: true` (http-errors
 * sets it for 4xx), of Boom's 4xx and of Fastify's own 4xx. Of others only the status counts, and a
 * `Retry-After` beside 429 and 503.
 */
export function describeError(thrown: unknown): ErrorFacts {
  const refusal = refusalIn(thrown)
  if (refusal !== undefined) return stockFactsOf(refusal) ?? describeRefusal(refusal)
  if (property(thrown, 'isBoom') === true) return describeBoom(thrown)
  const known = recognize(thrown)
  const status =
    known?.status ??
    statusProperty(thrown, ['status', 'statusCode', 'httpCode']) ??
    ofValidation(thrown)
  const shown = isMadeToBeShown(thrown, status)
  const headers = fieldsProperty(thrown, 'headers', status)
  return {
    status,
    reason: known?.reason ?? reasonFor(status),
    message: known?.message ?? messageOf(thrown, status, shown),
    headers: shown ? headers : retryAfterIn(headers, status),
  }
}

// Read as carefully as any other value: the brand can be on a refusal of another version, or forged.
function describeRefusal(refusal: unknown): ErrorFacts {
  const status = statusProperty(refusal, ['status']) ?? 500
  const reason = stringProperty(refusal, 'reason')
  const details = property(refusal, 'details')
  const shownDetails = typeof details === 'string' ? details : copyJsonObject(details)
  return {
    status,
    reason: reason !== undefined && REASON.test(reason) ? reason : reasonFor(status),
    message: stringProperty(refusal, 'message') ?? titleFor(status),
    ...(shownDetails === undefined ? {} : { details: shownDetails }),
    headers: fieldsProperty(refusal, 'headers', status),
  }
}

// Boom keeps what is for the client under `output`, and sends the message of a 4xx.
function describeBoom(boom: unknown): ErrorFacts {
  const output = property(boom, 'output')
  const status = statusProperty(output, ['statusCode']) ?? 500
  const expose = property(boom, 'expose')
  const shown = status < 500 ? expose !== false : expose === true
  return {
    status,
    reason: reasonFor(status),
    message: messageOf(boom, status, shown),
    headers: fieldsProperty(output, 'headers', status),
  }
}

/** `expose` is http-errors' mark. Fastify's own errors of 4xx are words to clients, and bear a code. */
function isMadeToBeShown(thrown: unknown, status: number): boolean {
  const expose = property(thrown, 'expose')
  if (typeof expose === 'boolean') return expose
  const ofFastify = stringProperty(thrown, 'code')?.startsWith('FST_') === true
  return status < 500 && (ofFastify || hasValidation(thrown))
}

function messageOf(thrown: unknown, status: number, shown: boolean): string {
  const message = shown ? stringProperty(thrown, 'message') : undefined
  return message || titleFor(status)
}

/** Seconds, or a date (RFC 9110 section 10.2.3): nothing else can be in it. */
const RETRY_AFTER = /^(?:\d+|[A-Za-z]{3}, \d\d [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d GMT)$/

function retryAfterIn(headers: Fields, status: number): Fields {
  if (status !== 429 && status !== 503) return {}
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name, value]) => name.toLowerCase() === 'retry-after' && RETRY_AFTER.test(String(value)),
    ),
  )
}

// Fastify's schema errors carry `validation`, and a status only once its own error handler saw them.
function ofValidation(thrown: unknown): number {
  return hasValidation(thrown) ? 400 : 500
}

/** Of a proxy that was revoked nothing can be known. */
function hasValidation(thrown: unknown): boolean {
  try {
    return Array.isArray(property(thrown, 'validation'))
  } catch {
    return false
  }
}
