// The JSON shapes of an error body. Public and stable: members may be added, none may change.

import { titleFor } from './catalogue.js'
import type { ErrorFacts } from './error-facts.js'
import type { JsonObject } from './json.js'

// A URN, because a problem type need not be fetched and must not name a host that is not ours
// (RFC 9457 section 3.1.1).
const PROBLEM_TYPE_BASE = 'urn:expectation:error#'

/** `{ error: { code, reason, message, details? } }` */
export function errorBody({ status, reason, message, details }: ErrorFacts): JsonObject {
  return { error: { code: status, reason, message, details } }
}

/** `{ error, message }`, for clients that can read nothing deeper. */
export function flatBody({ reason, message }: ErrorFacts): JsonObject {
  return { error: reason, message }
}

/**
 * Problem details (RFC 9457). The title belongs to the status and never changes; a message of its
 * own and details that are text become `detail`, details that are an object stay `details`.
 */
export function problemBody({ status, reason, message, details }: ErrorFacts): JsonObject {
  const title = titleFor(status)
  const texts = [message === title ? '' : message, typeof details === 'string' ? details : '']
  return {
    type: PROBLEM_TYPE_BASE + reason,
    title,
    status,
    detail: texts.filter((text) => text !== '').join(': ') || undefined,
    reason,
    details: typeof details === 'string' ? undefined : details,
  }
}
