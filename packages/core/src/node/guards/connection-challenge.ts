// Challenges of schemes that authenticate the connection and not the request: NTLM and Negotiate
// (RFC 4559 section 6, MS-NTHT). The handshake takes several requests on one connection, and clients send
// the whole content with each: a close after the challenge would end the handshake for good.

import type { ServerResponse } from 'node:http'
import { fieldOf } from './head-arguments.js'

const FIELD_OF_STATUS: ReadonlyMap<number, string> = new Map([
  [401, 'www-authenticate'],
  [407, 'proxy-authenticate'],
])

const SCHEME = /(?:^|,)\s*(?:NTLM|Negotiate)(?=$|[\s,])/i

/** @param args - What `writeHead` was given after the status. */
export function isConnectionChallenge(
  status: number,
  response: ServerResponse,
  args: readonly unknown[],
): boolean {
  const name = FIELD_OF_STATUS.get(status)
  if (name === undefined) return false
  const field = fieldOf(response, args, name)
  return SCHEME.test(Array.isArray(field) ? field.join(', ') : String(field))
}
