// Templates of request heads, and nothing clever: what a case writes is what goes on the wire.
// Placeholders are filled in by run/template.ts.

import type { Role } from './case.js'

export interface HeadFields {
  readonly to?: Role
  /** Instead of the method of the route. */
  readonly method?: string
  /** Instead of the target of the route. */
  readonly target?: string
  readonly version?: '1.0' | '1.1'
  /** One field line for each entry; an empty string is an empty field. */
  readonly expect?: string | readonly string[]
  readonly length?: number | string
  readonly chunked?: true
  /** Any other field lines, without CRLF. */
  readonly lines?: readonly string[]
  /** Suffix of the `Conformance-Id`. */
  readonly mark?: string
  /** Without `Host`, for the cases that want it so. */
  readonly host?: false
}

export function head(fields: HeadFields = {}): string {
  const { to = 'reads', version = '1.1', expect = [], length, lines = [], mark } = fields
  const expectations = typeof expect === 'string' ? [expect] : expect
  return [
    `${fields.method ?? `{method:${to}}`} ${fields.target ?? `{target:${to}}`} HTTP/${version}`,
    ...(fields.host === false ? [] : ['Host: {host}']),
    `Conformance-Id: {id}${mark === undefined ? '' : `-${mark}`}`,
    ...expectations.map((value) => `Expect: ${value}`),
    ...(length === undefined ? [] : [`Content-Length: ${length}`]),
    ...(fields.chunked === true ? ['Transfer-Encoding: chunked'] : []),
    ...lines,
    `{fields:${to}}`,
    '',
  ].join('\r\n')
}

/** A head that asks before it sends: the usual polite upload of five bytes. */
export function asking(fields: HeadFields = {}): string {
  const framing = fields.chunked === true || fields.length !== undefined ? {} : { length: 5 }
  return head({ expect: '100-continue', ...framing, ...fields })
}

/** Content of a chunked message: each part is one chunk, then the last chunk. */
export function chunks(...parts: readonly string[]): string {
  const each = parts.map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`)
  return `${each.join('')}0\r\n\r\n`
}

/** Five bytes of content, where a case has no reason for others. */
export const FIVE = '12345'

/** A whole plain request with an id of its own; `{other.length}` and `{other.hex}` are its size. */
export const OTHER = '{other}'
