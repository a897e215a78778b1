// Who may upload: a bearer token, asked for before anything of the upload is read.

import { createHash, timingSafeEqual } from 'node:crypto'
import { Refusal } from '@expectation/core'

/** Throws a `Refusal` (401) unless `authorization` carries the token. RFC 6750, section 2.1. */
export function checkToken(authorization: string | undefined, token: string): void {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (given !== undefined && isSame(given, token)) return
  throw new Refusal(401, {
    reason: given === undefined ? 'token_missing' : 'token_invalid',
    message: given === undefined ? 'This upload needs a token' : 'This token is not the right one',
    details: 'Send the header Authorization: Bearer <token>. The server prints it when it starts.',
    headers: { 'WWW-Authenticate': 'Bearer realm="uploads"' },
  })
}

// Compared as digests, so that neither length nor content shows in the time it takes.
function isSame(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
