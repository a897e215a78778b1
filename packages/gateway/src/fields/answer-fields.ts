// The fields of an answer on their way to the client, without what speaks of the upstream's connection
// and framing. Several values of one name stay several lines, for `setHeader`.

import { type FieldLines, forEachLine, valuesOf } from './field-lines.js'
import { connectionNamed, isHopByHop } from './hop-by-hop.js'
import { isFieldValue, isToken, readAs } from './syntax.js'

export interface AnswerField {
  readonly name: string
  readonly value: string | string[]
}

export function answerFields(received: FieldLines): AnswerField[] {
  const named = connectionNamed(received)
  const fields = new Map<string, { name: string; value: string | string[] }>()
  forEachLine(received, (key, value, name) => {
    if (key.startsWith(':') || key === 'content-length' || isHopByHop(key) || named.has(key)) return
    const known = fields.get(key)
    if (known === undefined) fields.set(key, { name, value })
    else if (Array.isArray(known.value)) known.value.push(value)
    else known.value = [known.value, value]
  })
  return [...fields.values()]
}

/** The declared length of an answer, in bytes; `undefined` when it has none that can be believed. */
export function declaredLength(received: FieldLines): number | undefined {
  let length: number | undefined
  let chunked = false
  forEachLine(received, (key, value) => {
    if (key === 'transfer-encoding') chunked = true
    else if (key === 'content-length' && /^\d+$/.test(value)) length = Number(value)
  })
  return chunked || !Number.isSafeInteger(length) ? undefined : length
}

/** The names that a `Trailer` field announces, as they were sent. */
export function announcedTrailers(received: FieldLines): string | undefined {
  const values = valuesOf(received, 'trailer')
  if (values.length === 0) return undefined
  const names = values
    .join(',')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && mayTrail(name.toLowerCase()))
  return names.length === 0 ? undefined : names.join(', ')
}

/**
 * What may not come after content (RFC 9110 section 6.5.1): framing, routing, authentication, what
 * says how to read the content, and what controls the request or the answer.
 */
const NEVER_TRAILS: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'date',
  'expect',
  'expires',
  'forwarded',
  'host',
  'location',
  'max-forwards',
  'pragma',
  'range',
  'retry-after',
  'set-cookie',
  'vary',
  'via',
  'warning',
  'www-authenticate',
  'x-real-ip',
])

function mayTrail(name: string): boolean {
  const key = readAs(name)
  return !NEVER_TRAILS.has(key) && !isHopByHop(key) && !/^(?:x-forwarded-|if-|:)/.test(key)
}

/**
 * Trailer lines that may be passed on. One that Node would throw for, as a lenient parser lets it in, is left out:
 * trailer fields may be (RFC 9110 section 6.5.1), and they are written where nobody catches.
 */
export function passedTrailers(received: FieldLines): string[] {
  const lines: string[] = []
  forEachLine(received, (key, value, name) => {
    if (mayTrail(key) && isToken(name) && isFieldValue(value)) lines.push(name, value)
  })
  return lines
}
