// The questions that an application asks of a head: their types, and nothing else.

import type { HeadView } from '../head/head-view.js'
import type { ExpectationMember } from '../parse/expect.js'
import type { Refusal } from '../refusal/refusal.js'
import type { Grant } from './grant.js'

/** What a check gets beside the head. */
export interface CheckContext<Request = unknown> {
  /** The request of the framework (or of bare Node) that the gate belongs to. */
  readonly request: Request
  /**
   * Aborts when nobody waits for the answer any more: the client is gone (with the reason that the
   * server gave), or time is up (with the `check_timed_out` refusal). Pass it on to `fetch` and the
   * like.
   */
  readonly signal: AbortSignal
}

/**
 * Nothing to let the request pass, a {@link Grant} to let it pass and hold something until it is
 * over, a {@link Refusal} to refuse it.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: so that functions without a return fit.
export type CheckAnswer = void | undefined | Grant | Refusal

/**
 * A question asked of the head before any content is asked for. It may throw its refusal too; any
 * other error is the server's fault and becomes a 500 whose message stays inside.
 *
 * Written as a method type, which makes it bivariant in `Request`: the adapter that takes checks of
 * its framework's request is the one that passes that request, so policies need no type parameter.
 */
export type Check<Request = unknown> = {
  check(head: HeadView, context: CheckContext<Request>): CheckAnswer | Promise<CheckAnswer>
}['check']

/** `false` declines with 417, a {@link Refusal} declines with that; `true` and nothing accept. */
// biome-ignore lint/suspicious/noConfusingVoidType: so that functions without a return fit.
export type ExtensionAnswer = boolean | void | undefined | Refusal

/** Decides on one extension expectation, such as `Expect: priority=low`. */
export type ExtensionExpectation = (
  member: ExpectationMember,
  head: HeadView,
) => ExtensionAnswer | Promise<ExtensionAnswer>
