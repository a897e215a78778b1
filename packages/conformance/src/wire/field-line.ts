// One field line, of a header or of a trailer section (RFC 9112 section 5), and the error for bytes that
// RFC 9112 does not allow.

import type { FieldLine } from './response.js'

export const MAX_HEAD_BYTES = 256 * 1024

/** Bytes that cannot be the start of a response; a fault of the server, never of a case. */
export class MalformedResponse extends Error {
  override readonly name = 'MalformedResponse'
}

const fieldLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/

export function malformed(what: string, shown: string): MalformedResponse {
  return new MalformedResponse(`${what}: ${JSON.stringify(shown.slice(0, 200))}`)
}

export function readField(line: string): FieldLine {
  const match = fieldLine.exec(line)
  if (match?.[1] === undefined || match[2] === undefined) throw malformed('not a field line', line)
  return [match[1], match[2]]
}
