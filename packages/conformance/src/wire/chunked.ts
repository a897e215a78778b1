// Content in chunks (RFC 9112 section 7.1), with the chunk extensions and the trailer section that its
// grammar allows. Pure: bytes in, content (or "not yet") out.

import { MAX_HEAD_BYTES, MalformedResponse, malformed, readField } from './field-line.js'
import type { FieldLine } from './response.js'

export interface Chunks {
  readonly body: Buffer
  readonly trailers: readonly FieldLine[]
  /** How many of the bytes are content in this framing, to the end of the trailer section. */
  readonly used: number
}

const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+"
const quoted =
  '"(?:[\\t\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*"'
const extension = `[ \\t]*;[ \\t]*${token}(?:[ \\t]*=[ \\t]*(?:${token}|${quoted}))?`
// Some servers pad the size with spaces, as section 7.1.1 allows before an extension.
const sizeLine = new RegExp(`^([0-9a-fA-F]{1,8})(?:${extension})*[ \\t]*$`)

/** RFC 9110 section 6.5.1: fields of the framing are of no use in a trailer section, and forbidden there. */
const notInTrailers = new Set(['content-length', 'transfer-encoding'])

/**
 * Takes the chunks and the trailer section; undefined while they are incomplete.
 *
 * @throws MalformedResponse - the bytes break RFC 9112.
 */
export function takeChunks(bytes: Buffer): Chunks | undefined {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const line = lineFrom(bytes, at)
    if (line === undefined) return undefined
    const size = sizeLine.exec(line)?.[1]
    if (size === undefined) throw malformed('not a chunk size', line)
    const begin = at + line.length + 2
    const end = begin + Number.parseInt(size, 16)
    if (end === begin) return takeTrailers(bytes, begin, Buffer.concat(parts))
    if (bytes.length < end + 2) return undefined
    if (bytes.toString('latin1', end, end + 2) !== '\r\n') {
      throw new MalformedResponse('a chunk does not end with CRLF')
    }
    parts.push(bytes.subarray(begin, end))
    at = end + 2
  }
}

function takeTrailers(bytes: Buffer, begin: number, body: Buffer): Chunks | undefined {
  const trailers: FieldLine[] = []
  for (let at = begin; ; ) {
    const line = lineFrom(bytes, at)
    if (line === undefined) return undefined
    at += line.length + 2
    if (line === '') return { body, trailers, used: at }
    if (at - begin > MAX_HEAD_BYTES) throw new MalformedResponse('a trailer section without an end')
    const field = readField(line)
    if (notInTrailers.has(field[0].toLowerCase())) throw malformed('framing in a trailer', line)
    trailers.push(field)
  }
}

/** The line that begins here, without its CRLF; undefined while it is incomplete. */
function lineFrom(bytes: Buffer, at: number): string | undefined {
  const end = bytes.indexOf('\r\n', at)
  if (end === -1 && bytes.length - at > MAX_HEAD_BYTES) {
    throw new MalformedResponse('a line without an end')
  }
  return end === -1 ? undefined : bytes.toString('latin1', at, end)
}
