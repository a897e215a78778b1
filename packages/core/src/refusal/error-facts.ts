// What may be told about anything that was thrown. Never throws, whatever it is given.
// The message of a 5xx is hidden unless it was made to be shown; stacks and causes never get here.

import { reasonFor, titleFor } from './catalogue.js'
import { copyJsonObject, type JsonObject } from './json.js'
import { recognize } from './known-errors.js'
import { isRefusal, stockFactsOf } from './refusal.js'
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
  /** Valid fields only, none that belongs to the message or the connection. */
  readonly headers: Readonly<Record<string, string>>
}

const REASON = /^[a-z][a-z0-9_]*$/

/**
 * Describes a thrown value: refusals, http-errors and everything like them (`status`, `statusCode`,
 * `expose`, `headers`), Boom, Fastify, body-parser and multer errors. Anything else is a 500
 * `internal_error` that tells nothing.
 */
export function describeError(thrown: unknown): ErrorFacts {
  if (isRefusal(thrown)) return stockFactsOf(thrown) ?? describeRefusal(thrown)
  if (property(thrown, 'isBoom') === true) return describeBoom(thrown)
  const known = recognize(thrown)
  const status =
    known?.status ??
    statusProperty(thrown, ['status', 'statusCode', 'httpCode']) ??
    ofValidation(thrown)
  return {
    status,
    reason: known?.reason ?? reasonFor(status),
    message: known?.message ?? shownMessage(thrown, status),
    headers: fieldsProperty(thrown, 'headers'),
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
    headers: fieldsProperty(refusal, 'headers'),
  }
}

// Boom keeps what is for the client under `output`.
function describeBoom(boom: unknown): ErrorFacts {
  const output = property(boom, 'output')
  const status = statusProperty(output, ['statusCode']) ?? 500
  return {
    status,
    reason: reasonFor(status),
    message: shownMessage(boom, status),
    headers: fieldsProperty(output, 'headers'),
  }
}

function shownMessage(thrown: unknown, status: number): string {
  const expose = property(thrown, 'expose')
  const shown = status < 500 ? expose !== false : expose === true
  const message = shown ? stringProperty(thrown, 'message') : undefined
  return message || titleFor(status)
}

// Fastify's schema errors carry `validation`, and a status only once its own error handler saw them.
function ofValidation(thrown: unknown): number {
  return Array.isArray(property(thrown, 'validation')) ? 400 : 500
}
