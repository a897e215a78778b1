// `Max-Forwards` counts down the gateways that an OPTIONS or TRACE may pass; who gets it with 0 answers
// (RFC 9110 section 7.6.2).

import type { ServerResponse } from 'node:http'
import { Refusal } from '@expectation/core'

export type Forwards = 'unlimited' | 'spent' | { readonly left: string }

export function forwardsOf(method: string, field: unknown): Forwards {
  if (method !== 'OPTIONS' && method !== 'TRACE') return 'unlimited'
  if (typeof field !== 'string' || !/^\d+$/.test(field)) return 'unlimited'
  const number = Number(field)
  return number === 0 ? 'spent' : { left: String(Math.min(number, Number.MAX_SAFE_INTEGER) - 1) }
}

/** The lines with one forward less. */
export function countedDown(lines: readonly string[], forwards: Forwards): readonly string[] {
  if (typeof forwards === 'string') return lines
  return lines.map((text, at) =>
    at % 2 === 1 && lines[at - 1]?.toLowerCase() === 'max-forwards' ? forwards.left : text,
  )
}

/** A TRACE would give back fields that a client may not see. */
export function answerAsLast(
  method: string,
  response: ServerResponse,
  refuse: (error: unknown) => void,
): void {
  if (method === 'TRACE') {
    refuse(new Refusal(501))
    return
  }
  response.statusCode = 204
  response.end()
}
