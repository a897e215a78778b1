// The bytes of a planned request, and what the model knows about them.

import { head } from '../cases/bytes.js'
import type { Template } from '../run/template.js'
import { asksForContinue } from './model.js'
import type { PlannedRequest } from './plan.js'

export interface Message {
  readonly plan: PlannedRequest
  readonly id: string
  readonly head: Buffer
  /** Content as it is framed. */
  readonly body: Buffer
  /** Content as it is meant. */
  readonly content: Buffer
  /** A 100 is allowed: HTTP/1.1, content announced, and asked for by the grammar. */
  readonly mayContinue: boolean
  /** A 1.0 message without a length has no content; nothing may follow it. */
  readonly last: boolean
}

export function messageOf(plan: PlannedRequest, template: Template, at: number): Message {
  const mark = `r${at}`
  // Chunks do not exist in HTTP/1.0 (RFC 9112 6.1): a client that sends them is beyond this model.
  const framing = plan.version === '1.0' && plan.framing === 'chunked' ? 'length' : plan.framing
  const parts = framing === 'none' ? [] : contentParts(plan, template)
  const content = Buffer.concat(parts)
  const text = head({
    to: plan.to,
    version: plan.version,
    expect: plan.expect,
    mark,
    ...(framing === 'length' ? { length: content.length } : {}),
    ...(framing === 'chunked' ? { chunked: true } : {}),
  })
  const announced = framing === 'chunked' || content.length > 0
  return {
    plan,
    id: `${template.id}-${mark}`,
    head: Buffer.from(template.fill(text), 'latin1'),
    body: framing === 'chunked' ? chunked(parts) : content,
    content,
    mayContinue: plan.version === '1.1' && announced && asksForContinue(plan.expect),
    last: plan.version === '1.0',
  }
}

function contentParts(plan: PlannedRequest, template: Template): Buffer[] {
  const parts = plan.parts.map((size, at) => Buffer.alloc(size, 97 + at))
  return plan.smuggles ? [Buffer.from(template.fill('{other}'), 'latin1'), ...parts] : parts
}

function chunked(parts: readonly Buffer[]): Buffer {
  const each = parts
    .filter((part) => part.length > 0)
    .flatMap((part) => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')])
  return Buffer.concat([...each, Buffer.from('0\r\n\r\n')])
}

/** The bytes, cut as planned. */
export function segments(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const at = [...new Set(cuts.map((cut) => Math.floor((cut * bytes.length) / 1000)))].sort(
    (a, b) => a - b,
  )
  const edges = [0, ...at, bytes.length]
  return edges.slice(1).flatMap((end, index) => {
    const part = bytes.subarray(edges[index], end)
    return part.length > 0 ? [part] : []
  })
}
