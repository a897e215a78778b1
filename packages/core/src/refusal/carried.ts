// What a response carries already when an error is to be answered on it. Companion fields are
// defaults: never over what the response or the error says (RFC 9110 sections 11.6.1, 10.2.1, 10.2.3).

import { companionOf } from './companions.js'
import type { ErrorFacts } from './error-facts.js'
import type { Fields } from './header-field.js'

/**
 * Fields about the content that the application meant to send, which an error replaces: its digests (RFC 9530), how
 * long it is fresh, and where a server in front finds it.
 */
const ABOUT_CONTENT: ReadonlySet<string> = new Set([
  'accept-ranges',
  'age',
  'content-digest',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-location',
  'content-md5',
  'content-range',
  'digest',
  'etag',
  'expires',
  'last-modified',
  'repr-digest',
  'surrogate-control',
  'trailer',
  'transfer-encoding',
  'x-accel-expires',
  'x-accel-redirect',
  'x-sendfile',
])

/** What is said to some caches alone goes before `Cache-Control` there (RFC 9213 section 2.2). */
const TO_SOME_CACHES = '-cache-control'

/**
 * Whether a field of a response describes what is not sent any more, once an error is sent in its
 * place.
 *
 * @param name - In lower case, as Node gives names of response fields.
 */
export function isReplacedByError(name: string): boolean {
  return ABOUT_CONTENT.has(name) || name.endsWith(TO_SOME_CACHES)
}

/**
 * The facts of an error, for a response that has fields already: what its status requires and the
 * response carries is not given a default, and `Content-Range` of a 416 is kept (section 15.5.17).
 *
 * @param field - A field of the response by its name; `undefined` when it has none.
 */
export function withCarried(facts: ErrorFacts, field: (name: string) => unknown): ErrorFacts {
  if (facts.status === 416) return withRange(facts, field('Content-Range'))
  const name = companionOf(facts.status)
  if (name === undefined || field(name) === undefined) return facts
  return { ...facts, carried: [name.toLowerCase()] }
}

function withRange(facts: ErrorFacts, range: unknown): ErrorFacts {
  if (typeof range !== 'string' || 'content-range' in lowered(facts.headers)) return facts
  return { ...facts, headers: { ...facts.headers, 'Content-Range': range } }
}

function lowered(headers: Fields): Fields {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
}
