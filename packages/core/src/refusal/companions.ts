// Header fields that an RFC demands or provides beside a status, added when the thrower forgot them (R22, R23).
// 415 is not here: only who refuses knows what is accepted, so its Accept comes with the refusal.

import type { Fields } from './header-field.js'

const COMPANIONS: ReadonlyMap<number, readonly [string, string]> = new Map([
  // MUST (RFC 9110 section 15.5.2). Bearer, because APIs that forget the field mostly use tokens,
  // and because Basic would make browsers open a password dialogue.
  [401, ['WWW-Authenticate', 'Bearer']],
  // MUST (section 15.5.6). Empty means "no method that I could name", which section 10.2.1 allows;
  // a guess would send the client in a circle.
  [405, ['Allow', '']],
  // In seconds (section 10.2.3, RFC 6585 section 4). One: without it clients retry at once and
  // together; a longer wait is for those to say who know the reason.
  [429, ['Retry-After', '1']],
  [503, ['Retry-After', '1']],
])

/** The field that a status requires beside it. */
export function companionOf(status: number): string | undefined {
  return COMPANIONS.get(status)?.[0]
}

/**
 * The fields of a response together with the ones that its status requires.
 *
 * @param headers - What the thrower gave; it wins, in whatever case its names are written.
 * @param carried - Names in lower case of what stands on the response; it wins too.
 */
export function requiredHeaders(
  status: number,
  headers: Fields,
  carried: readonly string[] = [],
): Fields {
  const companion = COMPANIONS.get(status)
  if (companion === undefined) return headers
  const [required, value] = companion
  const present = Object.keys(headers).some((name) => name.toLowerCase() === required.toLowerCase())
  return present || carried.includes(required.toLowerCase())
    ? headers
    : { ...headers, [required]: value }
}
