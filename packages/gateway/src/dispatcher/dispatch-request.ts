// A request as reply-from gives it to a dispatcher, and the head that it comes to. Framing is made from
// the parsed head of the request that is behind the body, or from the body; never from fields alone.

import type { Readable } from 'node:stream'
import { OptionError, parseFraming } from '@expectation/core'
import { exchangeOf, requestHeadOf } from '@expectation/core/node'
import { type FieldLines, forEachLine, valuesOf } from '../fields/field-lines.js'
import { type GivenFields, linesOfFields } from '../fields/given-fields.js'
import { isHopByHop } from '../fields/hop-by-hop.js'
import { takesTrailers } from '../fields/request-fields.js'
import type { OutgoingContent, UpstreamHead } from '../upstream/upstream.js'
import { bodyOf, type DispatchBody, isMessage, type SentBody } from './dispatch-body.js'
import { type DispatchSignal, signalOf } from './dispatch-signal.js'

/** The types are those of undici, so that a plugin's types take a dispatcher. */
export interface DispatchRequest {
  readonly origin?: string | URL | undefined
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers?: GivenFields | null | undefined
  readonly body?: DispatchBody
  /** Milliseconds until the head of the answer, at most 2^31 - 1. Default 60 000, also for `null` and 0. */
  readonly headersTimeout?: number | null | undefined
  /** Milliseconds without a byte in either direction, as `headersTimeout`. */
  readonly bodyTimeout?: number | null | undefined
  /** An `AbortSignal` or an emitter of `abort`. Gives the request up, and its answer; the error is its reason. */
  readonly signal?: unknown
}

export interface DispatchAnswer {
  readonly statusCode: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: Readable
}

export type DispatchCallback = (error: Error | null, answer?: DispatchAnswer) => void

/** Whether it asks is decided later. */
export type UnaskedHead = Omit<UpstreamHead, 'asks'>

/** A request in one form, whichever it was given in. */
export interface ReadRequest {
  readonly head: UnaskedHead
  readonly body: SentBody['body']
  /** The client of the request behind the body asked by itself. */
  readonly clientAsks: boolean
  readonly headersTimeout: number | undefined
  readonly bodyTimeout: number | undefined
  readonly signal: DispatchSignal | undefined
}

/**
 * @param host - Where it goes, when `headers` name none.
 * @throws OptionError - `body` is nothing that can be sent, `headers` no fields, a timeout no time, or `signal` none.
 */
export function readRequest(request: DispatchRequest, host: string): ReadRequest {
  const { method, path: target, headers } = request
  const { body, type } = bodyOf(request.body)
  const given = givenLines(headers ?? {})
  const lines = passedOn(given)
  if (type !== undefined && valuesOf(lines, 'content-type').length === 0) {
    lines.push('Content-Type', type)
  }
  const head = {
    method,
    target,
    host: valuesOf(given, 'host')[0] ?? host,
    lines,
    content: contentOf(body, given),
    takesTrailers: takesTrailers(valuesOf(given, 'te')),
  }
  return {
    head,
    body,
    clientAsks: clientAsks(body, given),
    headersTimeout: timeoutOf('headersTimeout', request.headersTimeout),
    bodyTimeout: timeoutOf('bodyTimeout', request.bodyTimeout),
    signal: signalOf(request.signal),
  }
}

/** As long as a timer of Node can be; a longer one fires at once. */
const LONGEST_MS = 2_147_483_647

/** As undici takes it, which knows 0 as none: here that is the default, as nothing waits without a bound. */
function timeoutOf(option: string, value: number | null | undefined): number | undefined {
  if (value === undefined || value === null || value === 0) return undefined
  if (Number.isFinite(value) && value > 0) return Math.min(value, LONGEST_MS)
  throw new OptionError({ option, received: value, remedy: 'Give milliseconds, 0 or more.' })
}

function givenLines(headers: GivenFields): readonly string[] {
  const lines = linesOfFields(headers)
  if (lines !== undefined) return lines
  const remedy = 'Give a record, pairs, or names and values by turns.'
  // Values may be credentials.
  throw new OptionError({ option: 'headers', received: `[${typeof headers}]`, remedy })
}

const OWN: ReadonlySet<string> = new Set(['content-length', 'expect', 'host'])

function passedOn(given: FieldLines): string[] {
  const lines: string[] = []
  forEachLine(given, (key, value, name) => {
    if (!OWN.has(key) && !isHopByHop(key) && !key.startsWith(':')) lines.push(name, value)
  })
  return lines
}

function contentOf(body: SentBody['body'], given: FieldLines): OutgoingContent {
  if (body === undefined) return { kind: 'none' }
  if (typeof body === 'string') return { kind: 'length', bytes: Buffer.byteLength(body) }
  if (body instanceof Uint8Array) return { kind: 'length', bytes: body.byteLength }
  if (isMessage(body)) {
    return exchangeOf(body)?.framing ?? parseFraming(requestHeadOf(body))
  }
  const length = valuesOf(given, 'content-length').join()
  if (!/^\d+$/.test(length)) return { kind: 'unknown' }
  const bytes = Number(length)
  return bytes === 0 ? { kind: 'none' } : { kind: 'length', bytes }
}

function clientAsks(body: SentBody['body'], given: FieldLines): boolean {
  const exchange = isMessage(body) ? exchangeOf(body) : undefined
  if (exchange !== undefined) return exchange.expectation.kind === 'continue'
  return valuesOf(given, 'expect').join().toLowerCase() === '100-continue'
}
