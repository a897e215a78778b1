// Reads one HTTP/1 response from bytes, strictly: what RFC 9112 does not allow is an error here.
// Pure: bytes in, a response (or "not yet") out. A lenient reader would hide the faults we look for.

import { takeChunks } from './chunked.js'
import { MAX_HEAD_BYTES, MalformedResponse, malformed, readField } from './field-line.js'
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

const statusLine = /^HTTP\/(1\.[01]) ([1-5]\d\d) ([\t\x20-\x7e\x80-\xff]*)$/

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
    content.trailers,
  )
  return { response, used: headEnd + 4 + content.used }
}

interface Content {
  readonly body: Buffer
  readonly framing: ContentFraming
  readonly used: number
  readonly trailers?: readonly FieldLine[]
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
  if (codings.length > 0) return takeCoded(bytes, codings.join(', '))
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

function takeCoded(bytes: Buffer, coding: string): Content | undefined {
  if (coding.toLowerCase() !== 'chunked') throw malformed('Transfer-Encoding', coding)
  const taken = takeChunks(bytes)
  return taken === undefined ? undefined : { ...taken, framing: 'chunked' }
}
