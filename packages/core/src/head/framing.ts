// How much content a head announces (RFC 9112 section 6, RFC 9113 section 8.1).
// Never throws, and errs towards "there may be content": a length that cannot be read is unknown,
// so that nobody takes what follows for the next request.

import { fieldValue, type RequestHead } from './request-head.js'

/**
 * The content that a head announces: none, a declared length in bytes, or an unknown amount
 * (chunked, or an HTTP/2 stream without `Content-Length`).
 */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'unknown' }

const NONE: Framing = Object.freeze({ kind: 'none' })
const UNKNOWN: Framing = Object.freeze({ kind: 'unknown' })
const ZERO = 48
const NINE = 57

/**
 * Reads the framing of a request from its head.
 *
 * @returns `none` for no content and for `Content-Length: 0`; `length` for a declared length,
 * where lengths beyond 2^53 - 1 count as 2^53 - 1, above every limit that can be set; else `unknown`.
 */
export function parseFraming(head: RequestHead): Framing {
  if (head.version === '2.0') {
    if (head.endStream === true) return NONE
  } else if (head.headers['transfer-encoding'] !== undefined || head.fieldsDropped === true) {
    // Transfer-Encoding overrides Content-Length (RFC 9112 section 6.3), and may have been dropped.
    return UNKNOWN
  }
  const length = fieldValue(head.headers['content-length'])
  if (length === undefined) return head.version === '2.0' ? UNKNOWN : NONE
  return declaredLength(length)
}

function declaredLength(field: string): Framing {
  // Nearly always; the list is for the rest.
  const bytes = readDigits(field)
  if (bytes !== undefined) return lengthOf(bytes)
  const [first, ...repeated] = field.split(',').map((value) => value.trim())
  // Equal repeated values may count as one (RFC 9110 section 8.6); different ones mean nothing.
  const declared = readDigits(first ?? '')
  if (declared === undefined || repeated.some((value) => value !== first)) return UNKNOWN
  return lengthOf(declared)
}

/** Every request with content comes here: a pattern and `Number` take seven times as long. */
function readDigits(text: string): number | undefined {
  let number = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < ZERO || code > NINE) return undefined
    number = number * 10 + (code - ZERO)
  }
  return text === '' ? undefined : number
}

function lengthOf(bytes: number): Framing {
  if (bytes === 0) return NONE
  return { kind: 'length', bytes: Math.min(bytes, Number.MAX_SAFE_INTEGER) }
}
