// What deciding gives: values that only the Node layer acts on.

import type { Refusal } from '../refusal/refusal.js'

/** Refused, and which rule did it. */
export interface RefuseDecision {
  readonly kind: 'refuse'
  readonly refusal: Refusal
  /**
   * `host`, `framing`, `expectation`, `length`, `size`, `type`, `coding`, `extension:<name>`,
   * `check:<function name or index>` or `check-timeout`.
   */
  readonly by: string
}

/**
 * - `pass`: let the request through; no 100 is owed;
 * - `continue`: let it through; content is announced and the client waits for a 100;
 * - `refuse`: answer with the refusal.
 */
export type Decision = { readonly kind: 'pass' } | { readonly kind: 'continue' } | RefuseDecision

export const PASS: Decision = Object.freeze({ kind: 'pass' })
export const CONTINUE: Decision = Object.freeze({ kind: 'continue' })

export function refuse(by: string, refusal: Refusal): RefuseDecision {
  return { kind: 'refuse', refusal, by }
}
