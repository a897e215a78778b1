// Reads one HTTP/1 response from bytes, strictly: what RFC 9112 does not allow is an error here.
// Pure: bytes in, a response (or "not yet") out. A lenient reader would hide the faults we look for.

export type BodyFraming = 'none' | 'length' | 'chunked' | 'close'

export class WireResponse {
  constructor(
    readonly version: '1.0' | '1.1',
    readonly status: number,
    readonly phrase: string,
    readonly fields: readonly (readonly [name: string, value: string])[],
    readonly body: Buffer,
    readonly framing: BodyFraming,
  ) {}

  /** Every value of a field, in the order of the lines. */
  values(name: string): string[] {
    const wanted = name.toLowerCase()
    return this.fields.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value)
  }

  /** The combined value of a field (RFC 9110 5.3), or undefined when it is absent. */
  field(name: string): string | undefined {
    const values = this.values(name)
    return values.length === 0 ? undefined : values.join(', ')
  }

  get text(): string {
    return this.body.toString('utf8')
  }

  json(): unknown {
    return JSON.parse(this.text)
  }
}

export interface Taken {
  readonly response: WireResponse
  /** How many of the bytes belong to this response. */
  readonly used: number
}

export interface ReadingOptions {
  /** The method of the request: HEAD has no content in its response. */
  readonly method?: string
  /** The peer has closed: content framed by the close is complete. */
  readonly ended?: boolean
}

const statusLine = /^HTTP\/(1\.[01]) ([1-5]\d\d) ([\t\x20-\x7e\x80-\xff]*)$/
const fieldLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/

/** Takes the first response from the bytes; undefined while it is incomplete; throws if malformed. */
export function takeResponse(bytes: Buffer, options: ReadingOptions = {}): Taken | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd === -1) {
    rejectEarly(bytes)
    return undefined
  }
  const [first = '', ...rest] = bytes.toString('latin1', 0, headEnd).split('\r\n')
  const status = statusLine.exec(first)
  if (status === null) throw new Error(`not a status line: ${JSON.stringify(first)}`)
  const fields = rest.map(readField)
  const version = status[1] === '1.0' ? '1.0' : '1.1'
  const head = { version, code: Number(status[2]), phrase: status[3] ?? '', fields } as const
  const content = takeContent(bytes.subarray(headEnd + 4), head.code, fields, options)
  if (content === undefined) return undefined
  const { body, framing, used } = content
  return {
    response: new WireResponse(head.version, head.code, head.phrase, fields, body, framing),
    used: headEnd + 4 + used,
  }
}

function rejectEarly(bytes: Buffer): void {
  const start = bytes.toString('latin1', 0, Math.min(bytes.length, 7))
  if (!'HTTP/1.'.startsWith(start)) throw new Error(`not a response: ${JSON.stringify(start)}`)
}

function readField(line: string): readonly [string, string] {
  const match = fieldLine.exec(line)
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new Error(`not a field line: ${JSON.stringify(line)}`)
  }
  return [match[1], match[2]]
}

interface Content {
  readonly body: Buffer
  readonly framing: BodyFraming
  readonly used: number
}

function takeContent(
  bytes: Buffer,
  code: number,
  fields: readonly (readonly [string, string])[],
  options: ReadingOptions,
): Content | undefined {
  const all = (name: string): string[] =>
    fields.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
  const lengths = all('content-length')
  const codings = all('transfer-encoding')
  if (lengths.length > 1) throw new Error(`Content-Length ${lengths.length} times`)
  if (lengths.length === 1 && codings.length > 0) {
    throw new Error('both Content-Length and Transfer-Encoding (RFC 9112 6.2)')
  }
  // RFC 9110 15.2: an interim response ends at the empty line and has no framing of its own.
  if ((code < 200 || code === 204) && lengths.length + codings.length > 0) {
    throw new Error(`framing fields in a ${code} (RFC 9110 8.6)`)
  }
  const none: Content = { body: Buffer.alloc(0), framing: 'none', used: 0 }
  if (code < 200 || code === 204 || code === 304 || options.method === 'HEAD') return none
  if (codings.length > 0) return takeChunks(bytes, codings.join(', '))
  const length = lengths[0]
  if (length !== undefined) {
    if (!/^\d+$/.test(length)) throw new Error(`Content-Length: ${JSON.stringify(length)}`)
    const size = Number(length)
    if (bytes.length < size) return undefined
    return { body: bytes.subarray(0, size), framing: 'length', used: size }
  }
  if (options.ended !== true) return undefined
  return { body: bytes, framing: 'close', used: bytes.length }
}

function takeChunks(bytes: Buffer, coding: string): Content | undefined {
  if (coding.toLowerCase() !== 'chunked') throw new Error(`Transfer-Encoding: ${coding}`)
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const line = bytes.toString('latin1', at, lineEnd)
    if (!/^[0-9a-fA-F]+$/.test(line)) throw new Error(`not a chunk size: ${JSON.stringify(line)}`)
    const size = Number.parseInt(line, 16)
    const next = lineEnd + 2 + size
    if (bytes.length < next + 2) return undefined
    if (bytes.toString('latin1', next, next + 2) !== '\r\n') {
      throw new Error('a chunk, or the trailer section, does not end with CRLF')
    }
    if (size === 0) return { body: Buffer.concat(parts), framing: 'chunked', used: next + 2 }
    parts.push(bytes.subarray(lineEnd + 2, next))
    at = next + 2
  }
}
