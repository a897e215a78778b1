// The bytes of a request head. `Host`, the framing and `Expect` are the doctor's; the caller's fields
// come behind them.

import type { FieldLine } from '@expectation/conformance'

export interface RequestHead {
  readonly method: string
  readonly target: string
  readonly version: '1.0' | '1.1'
  /** What goes into `Host`. */
  readonly authority: string
  readonly expect?: string
  /** What `Content-Length` says; absent without content. */
  readonly contentBytes?: number
  readonly fields: readonly FieldLine[]
}

/** As reports show it: `PUT /files HTTP/1.1`. */
export function requestLine(
  head: RequestHead,
  version: '1.0' | '1.1' | '2' = head.version,
): string {
  return `${head.method} ${head.target} HTTP/${version}`
}

export function headText(head: RequestHead): string {
  const { authority, expect, contentBytes, fields } = head
  const own = fields.some(([name]) => name.toLowerCase() === 'host')
  return [
    requestLine(head),
    ...(own ? [] : [`Host: ${authority}`]),
    'User-Agent: expectation-doctor',
    ...fields.map(([name, value]) => `${name}: ${value}`),
    ...(contentBytes === undefined ? [] : [`Content-Length: ${contentBytes}`]),
    ...(expect === undefined ? [] : [`Expect: ${expect}`]),
    '',
    '',
  ].join('\r\n')
}
