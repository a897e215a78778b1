// What may be tried again at all, apart from what became of the body.
import type { AttemptEnd } from './attempt.js'
import type { UploadErrorCode } from './errors.js'
import { type Fields, fieldOf } from './fields.js'

/** RFC 9110 section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['PUT', 'DELETE', 'GET', 'HEAD', 'OPTIONS'])

/** A connection that could not be made, and may be possible soon. */
const SOON: ReadonlySet<string | undefined> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
])

const STAYS: ReadonlySet<UploadErrorCode> = new Set([
  'content_failed',
  'malformed_answer',
  'malformed_request',
])

/** An answer that is never a reason to repeat. */
export function isFine(end: AttemptEnd): boolean {
  return end.kind === 'answered' && end.head.status < 300
}

/** Does the same request twice what it does once? Else a key lets the server see that it is the same. */
export function mayBeDoneTwice(method: string, fields: Fields): boolean {
  return IDEMPOTENT.has(method) || fieldOf(fields, 'idempotency-key') !== undefined
}

/** Can the same go well a moment later? An unknown host, or a certificate, stays as it is. */
export function mayPass(code: UploadErrorCode, cause: unknown): boolean {
  if (STAYS.has(code)) return false
  if (code !== 'refused_connection') return true
  return SOON.has((cause as NodeJS.ErrnoException | undefined)?.code)
}
