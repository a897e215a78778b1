// The head of a request on HTTP/1. `Expect` is exactly `100-continue`; framing is exactly one field; `Connection`
// is the gateway's. It is given to `http.request` as an object: tracing (OpenTelemetry, Datadog) adds its fields to it,
// and takes the places of a list for names.

import type { UpstreamHead } from './upstream.js'

/**
 * Nothing need be said of the content that these do not have (RFC 9110 section 8.6). For others Node would
 * write `Transfer-Encoding: chunked` and an empty content.
 */
const WITHOUT_CONTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'])

export function http1Fields(head: UpstreamHead): Record<string, string | string[]> {
  const { method, host, lines, content, asks, takesTrailers } = head
  // Without a prototype: `__proto__` is the name of a field like any other.
  const fields: Record<string, string | string[]> = Object.create(null)
  fields.Host = host
  addLines(fields, lines)
  if (content.kind === 'length') fields['Content-Length'] = String(content.bytes)
  else if (content.kind === 'unknown') fields['Transfer-Encoding'] = 'chunked'
  else if (!WITHOUT_CONTENT.has(method)) fields['Content-Length'] = '0'
  // RFC 9110 section 10.1.4: TE is hop-by-hop, and says so.
  if (takesTrailers) fields.TE = 'trailers'
  fields.Connection = takesTrailers ? 'TE, keep-alive' : 'keep-alive'
  if (asks) fields.Expect = '100-continue'
  return fields
}

/** Lines of one name stay lines, in their order, under the name of the first: Node joins those of `Cookie` alone. */
function addLines(fields: Record<string, string | string[]>, lines: readonly string[]): void {
  const names = new Map<string, string>()
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [name = '', value = ''] = [lines[at], lines[at + 1]]
    const lower = name.toLowerCase()
    const first = names.get(lower) ?? name
    const before = fields[first]
    names.set(lower, first)
    if (Array.isArray(before)) before.push(value)
    else fields[first] = before === undefined ? value : [before, value]
  }
}
