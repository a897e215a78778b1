// The request target for an upstream: as text and in origin form (RFC 9112 section 3.2.1), or `*`. It is never
// resolved against anything, as `//evil/` would become another host then.

import type { IncomingMessage } from 'node:http'
import { badTarget, upgradeNotRelayed } from '../refusals.js'

const ABSOLUTE = /^https?:\/\/[^/?#]*/i

/**
 * What goes on is `request.url`: a framework takes away the path that the gateway is mounted under.
 *
 * @throws Refusal - the target is nothing that can be relayed.
 */
export function targetOf({ method, url }: IncomingMessage): string {
  if (method?.toUpperCase() === 'CONNECT') throw upgradeNotRelayed()
  const target = url ?? '/'
  if (target === '*' && method === 'OPTIONS') return target
  const authority = authorityOf(target)
  // RFC 9110 sections 4.2.1 and 4.2.4: a URI of these schemes names a host, and no user.
  if (authority !== undefined && !namesHost(authority)) throw badTarget()
  const path = target.replace(ABSOLUTE, '')
  // RFC 9112 section 3.2.4: whoever asks the proxy for an authority alone asks the server as a whole.
  if (path === '') return method === 'OPTIONS' ? '*' : '/'
  const origin = path.startsWith('?') ? `/${path}` : path
  if (origin === '*' || !isTarget(origin)) throw badTarget()
  return origin
}

/** The authority of a target in absolute form. */
export function authorityOf(target: string): string | undefined {
  return ABSOLUTE.exec(target)?.[0].replace(/^https?:\/\//i, '')
}

/** `uri-host [ ":" port ]` (RFC 3986 section 3.2.2): a name, an IPv4 address, or something in brackets. */
const HOST = /^(?:\[[\da-z:.~_!$&'()*+,;=-]+\]|(?:[\da-z._~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?$/i

/** `Host` may be empty (RFC 9110 section 7.2). */
export function isHost(value: string): boolean {
  return HOST.test(value)
}

function namesHost(authority: string): boolean {
  return isHost(authority) && !/^(?::|$)/.test(authority)
}

/** No fragment stands in a target, and nothing that ends the line or its part of it. */
export function isTarget(path: string): boolean {
  return path === '*' || (path.startsWith('/') && /^[\x21\x22\x24-\x7e\x80-\xff]+$/.test(path))
}
