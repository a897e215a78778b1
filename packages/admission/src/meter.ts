// Everything that admission publishes, on one channel of `node:diagnostics_channel`. Subscribers run
// synchronously; without one nothing is built.

import { channel } from 'node:diagnostics_channel'
import { ADMISSION_CHANNEL, type AdmissionChange, type AdmissionEvent } from '@expectation/core'

export interface Held {
  readonly slots: number
  readonly bytes: number
}

const events = channel(ADMISSION_CHANNEL)

/** Tells what happens to one pool. */
export class Meter {
  readonly #pool: string
  #held: () => Held = () => NOTHING_HELD
  #waiting: () => number = () => 0

  constructor(pool: string) {
    this.#pool = pool
  }

  /** To be called once, when there is something to read the levels from. */
  reads(held: () => Held, waiting: () => number): void {
    this.#held = held
    this.#waiting = waiting
  }

  /** Whether somebody listens; for messages that take work. */
  get heard(): boolean {
    return events.hasSubscribers
  }

  tell(change: AdmissionChange): void {
    if (!events.hasSubscribers) return
    const { slots, bytes } = this.#held()
    const event: AdmissionEvent = {
      ...change,
      pool: this.#pool,
      slots,
      bytes,
      waiting: this.#waiting(),
    }
    events.publish(event)
  }
}

const NOTHING_HELD: Held = Object.freeze({ slots: 0, bytes: 0 })
