// Takes fields away from a message of Node's that somebody else will copy: from `headers` and from
// `rawHeaders`, as some copy the one and some the other.

import type { IncomingMessage } from 'node:http'
import { connectionNamed, isHopByHop } from './hop-by-hop.js'

export function strip(message: IncomingMessage, goes: (key: string) => boolean): void {
  const { headers, rawHeaders } = message
  for (const key of Object.keys(headers)) {
    if (goes(key)) delete headers[key]
  }
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    if (goes(rawHeaders[at]?.toLowerCase() ?? '')) rawHeaders.splice(at, 2)
  }
}

export function stripExpect(request: IncomingMessage): void {
  if (request.headers.expect !== undefined) strip(request, (key) => key === 'expect')
}

/** Fields that an upstream meant for whoever asked it, and for nobody behind (RFC 9110 section 7.6.1). */
export function stripHopByHop(answer: IncomingMessage): void {
  const named = connectionNamed(answer.rawHeaders)
  strip(answer, (key) => isHopByHop(key) || named.has(key))
}
