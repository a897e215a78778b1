// What `@expectation/admission` publishes on `expectation:admission`. It stands here, beside Outcome,
// because who listens (metrics, tools of one's own) needs the types and not the package.

/** Name of the channel of `node:diagnostics_channel` that {@link AdmissionEvent}s come on. */
export const ADMISSION_CHANNEL = 'expectation:admission'

/** What this process holds of a pool when an event happens. */
export interface AdmissionLevel {
  /** `memory`, or the name that the Redis store was given. */
  readonly pool: string
  readonly slots: number
  readonly bytes: number
  /** Uploads that wait for room. */
  readonly waiting: number
}

/**
 * - `waiting`: an upload has joined the queue
 * - `granted`: an upload was let in, after `waitMs` in the queue
 * - `extended`: content of unknown length was granted `claimedBytes` more
 * - `refused`: with the reason that the client sees, before its content or midway
 * - `left`: the client of an upload that waited to be let in is gone, after `waitMs`
 * - `released`: an upload is over; it held its slot for `heldMs`
 * - `asked`: the store answered, or failed to, after `tookMs`
 * - `store`: the store can be asked again, or not any more
 * - `restored`: so many claims were told to the store anew; it had lost them, or their lease had ended
 * - `drift`: so many counters of the store were wrong, and were set right
 * - `closed`: an admission was closed, and has given back all that it held
 */
export type AdmissionChange =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'granted'; readonly claimedBytes: number; readonly waitMs: number }
  | { readonly kind: 'extended'; readonly claimedBytes: number; readonly waitMs: number }
  | { readonly kind: 'refused'; readonly reason: string; readonly waitMs: number }
  | { readonly kind: 'left'; readonly waitMs: number }
  | { readonly kind: 'released'; readonly heldMs: number }
  | { readonly kind: 'asked'; readonly tookMs: number; readonly failed: boolean }
  | { readonly kind: 'store'; readonly state: 'up' | 'down'; readonly cause?: unknown }
  | { readonly kind: 'restored'; readonly claims: number; readonly lost: 'store' | 'lease' }
  | { readonly kind: 'drift'; readonly counters: number }
  | { readonly kind: 'closed' }

/** One message of {@link ADMISSION_CHANNEL}. */
export type AdmissionEvent = AdmissionLevel & AdmissionChange
