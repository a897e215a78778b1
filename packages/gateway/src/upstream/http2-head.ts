// Heads on HTTP/2: lower-case names, no field of a connection, the host as `:authority`
// (RFC 9113 sections 8.2 and 8.3.1).

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2'
import { type FieldLines, forEachLine } from '../fields/field-lines.js'
import { isOneLineList, takesOneLine } from '../fields/one-line.js'
import type { UpstreamHead } from './upstream.js'

export function http2Fields(head: UpstreamHead): OutgoingHttpHeaders {
  const { method, target, host, lines, content, asks, takesTrailers } = head
  const fields: OutgoingHttpHeaders = Object.assign(Object.create(null), {
    ':method': method,
    ':path': target,
    ':authority': host,
    ...fieldsOf(lines),
  })
  if (content.kind === 'length') fields['content-length'] = content.bytes
  if (takesTrailers) fields.te = 'trailers'
  if (asks) fields.expect = '100-continue'
  return fields
}

function fieldsOf(lines: FieldLines): OutgoingHttpHeaders {
  // A field may be called `constructor` or `__proto__`.
  const fields: Record<string, string | string[]> = Object.create(null)
  forEachLine(lines, (key, value) => {
    const known = fields[key]
    if (known === undefined) fields[key] = value
    else if (Array.isArray(known)) known.push(value)
    else fields[key] = isOneLineList(key) ? `${known}, ${value}` : [known, value]
  })
  return fields
}

/** The recipient of a trailer may take several lines for one (RFC 9110 sections 5.3 and 6.5.2). */
export function trailerFields(lines: FieldLines): OutgoingHttpHeaders {
  const fields = fieldsOf(lines)
  for (const [key, value] of Object.entries(fields)) {
    if (Array.isArray(value) && takesOneLine(key)) fields[key] = value.join(', ')
  }
  return fields
}

/** Pseudo-header fields are left out; Node has joined the lines of most names already. */
export function linesOf(headers: IncomingHttpHeaders): string[] {
  const lines: string[] = []
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':') || value === undefined) continue
    for (const each of Array.isArray(value) ? value : [value]) lines.push(name, each)
  }
  return lines
}
