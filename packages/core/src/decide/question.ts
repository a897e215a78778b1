// One question of the application about a head, whatever it is about.

import type { HeadView } from '../head/head-view.js'
import type { CheckContext } from '../policy/check.js'
import type { Grant } from '../policy/grant.js'
import type { Refusal } from '../refusal/refusal.js'
import type { RefusedBy } from '../refusal/refused-by.js'

export interface Question {
  /** The question's name in a decision. */
  readonly by: RefusedBy
  /** Asks; the answer, or a promise of it, is for `read`. */
  readonly ask: (head: HeadView, context: CheckContext) => unknown
  /**
   * @returns The refusal in an answer, the grant in one that lets the request pass and holds
   * something for it, or nothing where it only lets it pass.
   * @throws {@link OptionError} for an answer that means none of these.
   */
  readonly read: (answer: unknown, head: HeadView) => Refusal | Grant | undefined
  /** The most content, in bytes, that an answer which lets the request pass allows. */
  readonly limitIn?: (answer: unknown) => number | undefined
}
