// One question of the application about a head, whatever it is about.

import type { HeadView } from '../head/head-view.js'
import type { CheckContext } from '../policy/check.js'
import type { Refusal } from '../refusal/refusal.js'

export interface Question {
  /** The question's name in a decision. */
  readonly by: string
  /** Asks; the answer, or a promise of it, is for `refusalIn`. */
  readonly ask: (head: HeadView, context: CheckContext) => unknown
  /**
   * @returns The refusal in an answer, or nothing where it lets the request pass.
   * @throws {@link OptionError} for an answer that means neither.
   */
  readonly refusalIn: (answer: unknown, head: HeadView) => Refusal | undefined
  /** The most content, in bytes, that an answer which lets the request pass allows. */
  readonly limitIn?: (answer: unknown) => number | undefined
}
