// `admission({ … })`: a check like any other, which can also be asked and closed.

import {
  type CheckContext,
  type RequestHead,
  readMilliseconds,
  rejectUnknownNames,
} from '@expectation/core'
import { type Decided, Desk } from './admission.js'
import type { AdmissionOptions } from './options.js'
import { readSettings } from './settings.js'

/** What this process holds now. */
export interface AdmissionStats {
  /** Uploads under way. */
  readonly slots: number
  /** Content bytes that they hold. */
  readonly bytes: number
  /** Uploads that wait for room. */
  readonly waiting: number
}

export interface CloseOptions {
  /**
   * How long uploads under way may take to end, in milliseconds. What is held after it is given
   * back all the same, though it is still used. Default: `5000`.
   */
  readonly drainMs?: number | undefined
}

/** A check that holds a slot, and room, for each upload that it lets pass. */
export interface Admission<Request = unknown> {
  // As a method, so that it fits a gate whose framework has another request; see `Check` of core.
  (head: RequestHead, context: CheckContext<Request>): Decided | Promise<Decided>
  stats(): AdmissionStats
  /**
   * Takes no more uploads (503 `admission_unavailable`), waits for those under way, gives back what
   * is left and leaves the store. Calling it again waits for the first.
   */
  close(options?: CloseOptions): Promise<void>
}

const LONGEST_DRAIN_MS = 3_600_000

/**
 * Decides from the head who may upload how much, now. Put it last in `checks`: what a later check
 * refuses has cost a claim and its return.
 *
 * @throws `OptionError` for wrong options, with subject, received value and remedy.
 *
 * @example
 * const uploads = admission({ slots: 200, bytes: '8gb' })
 * app.put('/files/:name', expectation({ checks: [uploads] }), save)
 */
export function admission<Request = unknown>(
  options: AdmissionOptions<Request> = {},
): Admission<Request> {
  const desk = new Desk(readSettings(options))
  let closing: Promise<void> | undefined
  const check = {
    // The name that outcomes and logs know the check by.
    admission: (head: RequestHead, context: CheckContext<Request>) => desk.decide(head, context),
  }.admission
  return Object.assign(check, {
    stats: (): AdmissionStats => ({ ...desk.pool.held, waiting: desk.waiting }),
    close: (options: CloseOptions = {}): Promise<void> => {
      const drainMs = readDrain(options)
      closing ??= desk.close(drainMs)
      return closing
    },
  })
}

function readDrain(options: CloseOptions): number {
  rejectUnknownNames('close', options, ['drainMs'])
  return readMilliseconds('close.drainMs', options.drainMs, 0, LONGEST_DRAIN_MS) ?? 5000
}
