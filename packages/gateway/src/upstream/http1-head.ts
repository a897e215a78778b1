// The head of a request on HTTP/1, as the list that `http.request` writes as it is. `Expect` is exactly
// `100-continue`; framing is exactly one field; `Connection` is the gateway's.

import type { UpstreamHead } from './upstream.js'

/**
 * Nothing need be said of the content that these do not have (RFC 9110 section 8.6). For others Node would
 * write `Transfer-Encoding: chunked` and an empty content.
 */
const WITHOUT_CONTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'])

export function http1Lines(head: UpstreamHead): string[] {
  const { method, host, lines, content, asks, takesTrailers } = head
  const list = ['Host', host, ...lines]
  if (content.kind === 'length') list.push('Content-Length', String(content.bytes))
  else if (content.kind === 'unknown') list.push('Transfer-Encoding', 'chunked')
  else if (!WITHOUT_CONTENT.has(method)) list.push('Content-Length', '0')
  // RFC 9110 section 10.1.4: TE is hop-by-hop, and says so.
  if (takesTrailers) list.push('TE', 'trailers', 'Connection', 'TE, keep-alive')
  else list.push('Connection', 'keep-alive')
  if (asks) list.push('Expect', '100-continue')
  return list
}
