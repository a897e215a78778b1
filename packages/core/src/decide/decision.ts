// What deciding gives: values that only the Node layer acts on.

import type { Grant } from '../policy/grant.js'
import type { Refusal } from '../refusal/refusal.js'
import type { RefusedBy } from '../refusal/refused-by.js'

/** Refused, and which rule did it. */
export interface RefuseDecision {
  readonly kind: 'refuse'
  readonly refusal: Refusal
  readonly by: RefusedBy
}

/** Let through, with what was found and what is held for this request alone. */
export interface PassDecision {
  readonly kind: 'pass' | 'continue'
  /**
   * In bytes: what a `maxContentLength` that is a function has answered. Content of undeclared length
   * is counted against it. Absent when the option is no function, or it has found no limit.
   */
  readonly maxContentLength?: number
  /** To be released by whoever takes the decision; absent when no check holds anything. */
  readonly grants?: readonly Grant[]
}

/**
 * - `pass`: let the request through; no 100 is owed;
 * - `continue`: let it through; content is announced and the client waits for a 100;
 * - `refuse`: answer with the refusal.
 */
export type Decision = PassDecision | RefuseDecision

export const PASS: PassDecision = Object.freeze({ kind: 'pass' })
export const CONTINUE: PassDecision = Object.freeze({ kind: 'continue' })

export function refuse(by: RefusedBy, refusal: Refusal): RefuseDecision {
  return { kind: 'refuse', refusal, by }
}
