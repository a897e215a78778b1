// A request as reply-from gives it to a dispatcher, and the head that it comes to. Framing is made from
// the parsed head of the request that is behind the body, or from the body; never from fields alone.

import { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { parseFraming } from '@expectation/core'
import { exchangeOf, requestHeadOf } from '@expectation/core/node'
import { isHopByHop } from '../fields/hop-by-hop.js'
import { takesTrailers } from '../fields/request-fields.js'
import type { OutgoingContent, UpstreamHead } from '../upstream/upstream.js'

type Field = string | readonly string[] | number | undefined

export interface DispatchRequest {
  readonly origin?: string | URL | undefined
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, Field>>
  readonly body?: string | Uint8Array | Readable | null | undefined
  /** Milliseconds until the head of the answer. */
  readonly headersTimeout?: number | undefined
}

export interface DispatchAnswer {
  readonly statusCode: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: Readable
}

export type DispatchCallback = (error: Error | null, answer?: DispatchAnswer) => void

/** Whether it asks is decided later. */
export type UnaskedHead = Omit<UpstreamHead, 'asks'>

export function headOf(request: DispatchRequest, host: string): UnaskedHead {
  const { method, path, headers = {} } = request
  const { host: given, te } = headers
  return {
    method,
    target: path,
    host: typeof given === 'string' ? given : host,
    lines: linesOf(headers),
    content: contentOf(request),
    takesTrailers: takesTrailers(typeof te === 'number' ? undefined : te),
  }
}

const OWN: ReadonlySet<string> = new Set(['content-length', 'expect', 'host'])

/** reply-from says `undefined` for what it has taken away. */
function linesOf(headers: Readonly<Record<string, Field>>): string[] {
  const lines: string[] = []
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase()
    if (value === undefined || OWN.has(key) || isHopByHop(key) || key.startsWith(':')) continue
    for (const each of [value].flat()) lines.push(name, String(each))
  }
  return lines
}

function contentOf({ body, headers = {} }: DispatchRequest): OutgoingContent {
  if (body === undefined || body === null || body === '') return { kind: 'none' }
  if (typeof body === 'string') return { kind: 'length', bytes: Buffer.byteLength(body) }
  if (body instanceof Uint8Array) return { kind: 'length', bytes: body.byteLength }
  if (body instanceof IncomingMessage) {
    return exchangeOf(body)?.framing ?? parseFraming(requestHeadOf(body))
  }
  const length = headers['content-length']
  return /^\d+$/.test(String(length))
    ? { kind: 'length', bytes: Number(length) }
    : { kind: 'unknown' }
}

/** Whether the client of the request behind a body asked by itself. */
export function clientAsks({ body, headers = {} }: DispatchRequest): boolean {
  const exchange = body instanceof IncomingMessage ? exchangeOf(body) : undefined
  if (exchange !== undefined) return exchange.expectation.kind === 'continue'
  return String(headers.expect ?? '').toLowerCase() === '100-continue'
}
