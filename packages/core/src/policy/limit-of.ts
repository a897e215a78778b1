// Limits that depend on who asks: functions of the head and of the framework's request. What they answer
// is read as the option itself would be, for each request.

import type { HeadView } from '../head/head-view.js'
import type { CheckContext } from './check.js'

/**
 * Finds the limit for one request, at once or later. `undefined` means no limit. It may throw a
 * `Refusal`; any other error, and an answer that is no limit, is the server's fault: 500.
 *
 * A method type, bivariant in `Request`, for the reason given at `Check`.
 */
export type LimitOf<Limit, Request = unknown> = {
  limit(
    head: HeadView,
    context: CheckContext<Request>,
  ): Limit | undefined | Promise<Limit | undefined>
}['limit']

/** A limit as the option gives it: a value, or a function that finds it. */
export type Limited<Limit, Request = unknown> = Limit | LimitOf<Limit, Request> | undefined

export interface Split<Limit> {
  readonly value: Limit | undefined
  readonly of: LimitOf<Limit> | undefined
}

export function splitLimit<Limit extends number | string | readonly string[]>(
  limited: Limited<Limit>,
): Split<Limit> {
  return typeof limited === 'function'
    ? { value: undefined, of: limited }
    : { value: limited, of: undefined }
}
