// Which representation of an error a client prefers (RFC 9110 section 12.5.1).
// Only an explicit wish changes the server's choice: `*/*`, no Accept and junk all leave it.

import Negotiator from 'negotiator'
import { fieldValue, type RequestHead } from '../head/request-head.js'

/** A representation that the client prefers; `default` leaves the choice to the server. */
export type Preference = 'default' | 'problem' | 'page'

const PREFERENCES: ReadonlyMap<string, Preference> = new Map([
  ['application/problem+json', 'problem'],
  ['text/html', 'page'],
])

// The first wins where the client weighs several alike, so that `*/*` means JSON.
const OFFERS = ['application/json', ...PREFERENCES.keys()]

/** Never throws. A client that accepts none of the offers gets the default: better than nothing. */
export function preferenceOf(head: RequestHead): Preference {
  const accept = fieldValue(head.headers.accept)
  if (accept === undefined || accept === '*/*') return 'default'
  const preferred = new Negotiator({ headers: { accept } }).mediaType(OFFERS)
  return PREFERENCES.get(preferred ?? '') ?? 'default'
}
