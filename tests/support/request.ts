// The text of a request head, and nothing clever: what a test writes is what goes on the wire.

export interface HeadFields {
  readonly method?: string
  readonly target?: string
  readonly version?: '1.0' | '1.1'
  /** One field line for each entry. An empty string is an empty field. */
  readonly expect?: string | readonly string[]
  readonly length?: number
  readonly chunked?: boolean
  readonly type?: string
  readonly accept?: string
  /** Any other field lines, without CRLF. */
  readonly lines?: readonly string[]
}

export function head(fields: HeadFields = {}): string {
  const { method = 'PUT', target = '/files/a', version = '1.1', expect = [], length } = fields
  const expectations = typeof expect === 'string' ? [expect] : expect
  const lines = [
    `${method} ${target} HTTP/${version}`,
    'Host: localhost',
    ...expectations.map((value) => `Expect: ${value}`),
    ...(length === undefined ? [] : [`Content-Length: ${length}`]),
    ...(fields.chunked === true ? ['Transfer-Encoding: chunked'] : []),
    ...(fields.type === undefined ? [] : [`Content-Type: ${fields.type}`]),
    ...(fields.accept === undefined ? [] : [`Accept: ${fields.accept}`]),
    ...(fields.lines ?? []),
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** A head that asks before it sends: the usual polite upload. */
export function asking(fields: HeadFields = {}): string {
  return head({ expect: '100-continue', length: 5, ...fields })
}

/** Content of a chunked message: each part is one chunk, then the last chunk. */
export function chunks(...parts: readonly string[]): string {
  const each = parts.map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`)
  return `${each.join('')}0\r\n\r\n`
}
