// The fields of a request on their way to an upstream: what the client sent, without what speaks of its
// connection, its framing, its expectation, or of somebody before it. Framing, `Host` and `Expect` are
// added in upstream-head.ts; nothing of them is copied.

import { type FieldLines, forEachLine } from './field-lines.js'
import { isForwarding } from './forwarded.js'
import { connectionNamed, isHopByHop } from './hop-by-hop.js'
import { readAs } from './syntax.js'

/** Fields that the gateway makes itself. */
const OWN: ReadonlySet<string> = new Set(['content-length', 'expect', 'host', 'via'])

/**
 * @param received - Raw field lines of the request; pseudo-header fields of HTTP/2 are left out.
 * @returns Lines to send, with the capitals of the client.
 */
export function passedOn(received: FieldLines): string[] {
  const named = connectionNamed(received)
  const lines: string[] = []
  let cookie: string | undefined
  let cookieAt = -1
  forEachLine(received, (key, value, name) => {
    const read = readAs(key)
    if (key.startsWith(':') || OWN.has(read) || isHopByHop(read)) return
    if (named.has(key) || isForwarding(read)) return
    if (key === 'cookie') {
      // HTTP/2 may split it; elsewhere it is one line (RFC 9113 section 8.2.3).
      cookie = cookie === undefined ? value : `${cookie}; ${value}`
      if (cookieAt === -1) cookieAt = lines.push(name, value) - 1
      else lines[cookieAt] = cookie
      return
    }
    lines.push(name, value)
  })
  return lines
}

/** Whether the client takes trailer fields (RFC 9110 section 10.1.4). */
export function takesTrailers(te: string | readonly string[] | undefined): boolean {
  if (te === undefined) return false
  return String(te)
    .toLowerCase()
    .split(',')
    .some((coding) => coding.trim() === 'trailers')
}
