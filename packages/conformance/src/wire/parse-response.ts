// Reads one HTTP/1 response from bytes, strictly: what RFC 9112 does not allow is an error here.
// Pure: bytes in, a response (or "not yet") out. A lenient reader would hide the faults we look for.

import { type ContentFraming, type FieldLine, WireResponse } from './response.js'

export interface Taken {
  readonly response: WireResponse
  /** How many of the bytes belong to this response. */
  readonly used: number
}

export interface ReadingOptions {
  /** The method of the request: the answer to HEAD has no content. */
  readonly method?: string
  /** The peer has closed: content framed by the close is complete. */
  readonly ended?: boolean
}

/** Bytes that cannot be the start of a response; a fault of the server, never of a case. */
export class MalformedResponse extends Error {
  override readonly name = 'MalformedResponse'
}

const statusLine = /^HTTP\/(1\.[01]) ([1-5]\d\d) ([\t\x20-\x7e\x80-\xff]*)$/
const fieldLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/
const MAX_HEAD_BYTES = 256 * 1024

/**
 * Takes the first response from the bytes; undefined while it is incomplete.
 *
 * @throws MalformedResponse - the bytes break RFC 9112.
 */
export function takeResponse(bytes: Buffer, options: ReadingOptions = {}): Taken | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd === -1) {
    const start = bytes.toString('latin1', 0, Math.min(bytes.length, 7))
    if (!'HTTP/1.'.startsWith(start)) throw malformed('not a response', start)
    if (bytes.length > MAX_HEAD_BYTES) throw new MalformedResponse('a head without an end')
    return undefined
  }
  const [first = '', ...rest] = bytes.toString('latin1', 0, headEnd).split('\r\n')
  const status = statusLine.exec(first)
  if (status === null) throw malformed('not a status line', first)
  const fields = rest.map(readField)
  const code = Number(status[2])
  const content = takeContent(bytes.subarray(headEnd + 4), code, fields, options)
  if (content === undefined) return undefined
  const response = new WireResponse(
    status[1] === '1.0' ? '1.0' : '1.1',
    code,
    status[3] ?? '',
    fields,
    content.body,
    content.framing,
  )
  return { response, used: headEnd + 4 + content.used }
}

function malformed(what: string, shown: string): MalformedResponse {
  return new MalformedResponse(`${what}: ${JSON.stringify(shown.slice(0, 200))}`)
}

function readField(line: string): FieldLine {
  const match = fieldLine.exec(line)
  if (match?.[1] === undefined || match[2] === undefined) throw malformed('not a field line', line)
  return [match[1], match[2]]
}

interface Content {
  readonly body: Buffer
  readonly framing: ContentFraming
  readonly used: number
}

function takeContent(
  bytes: Buffer,
  code: number,
  fields: readonly FieldLine[],
  options: ReadingOptions,
): Content | undefined {
  const all = (name: string): string[] =>
    fields.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
  const lengths = all('content-length')
  const codings = all('transfer-encoding')
  if (lengths.length > 1) throw new MalformedResponse(`Content-Length ${lengths.length} times`)
  if (lengths.length === 1 && codings.length > 0) {
    throw new MalformedResponse('both Content-Length and Transfer-Encoding (RFC 9112 6.2)')
  }
  // RFC 9110 15.2: an interim response ends at the empty line and has no framing of its own.
  if ((code < 200 || code === 204) && lengths.length + codings.length > 0) {
    throw new MalformedResponse(`framing fields in a ${code} (RFC 9110 8.6, RFC 9112 6.1)`)
  }
  const none: Content = { body: Buffer.alloc(0), framing: 'none', used: 0 }
  if (code < 200 || code === 204 || code === 304 || options.method === 'HEAD') return none
  if (codings.length > 0) return takeChunks(bytes, codings.join(', '))
  const length = lengths[0]
  if (length !== undefined) {
    if (!/^\d+$/.test(length)) throw malformed('Content-Length', length)
    const size = Number(length)
    if (bytes.length < size) return undefined
    return { body: bytes.subarray(0, size), framing: 'length', used: size }
  }
  if (options.ended !== true) return undefined
  return { body: bytes, framing: 'close', used: bytes.length }
}

function takeChunks(bytes: Buffer, coding: string): Content | undefined {
  if (coding.toLowerCase() !== 'chunked') throw malformed('Transfer-Encoding', coding)
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const line = bytes.toString('latin1', at, lineEnd)
    // Some servers pad the size with spaces (RFC 9112 7.1 tolerates BWS of chunk extensions).
    if (!/^[0-9a-fA-F]{1,8} *$/.test(line)) throw malformed('not a chunk size', line)
    const size = Number.parseInt(line, 16)
    const next = lineEnd + 2 + size
    if (bytes.length < next + 2) return undefined
    if (bytes.toString('latin1', next, next + 2) !== '\r\n') {
      throw new MalformedResponse('a chunk, or the trailer section, does not end with CRLF')
    }
    if (size === 0) return { body: Buffer.concat(parts), framing: 'chunked', used: next + 2 }
    parts.push(bytes.subarray(lineEnd + 2, next))
    at = next + 2
  }
}
