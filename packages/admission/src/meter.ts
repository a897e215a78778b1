// Everything that admission publishes, on one channel of `node:diagnostics_channel`. Subscribers run
// synchronously; without one nothing is built. Levels are those of all admissions of this process whose
// pools have one name: who listens cannot tell them apart.

import { channel } from 'node:diagnostics_channel'
import { ADMISSION_CHANNEL, type AdmissionChange, type AdmissionEvent } from '@expectation/core'

export interface Held {
  readonly slots: number
  readonly bytes: number
}

const events = channel(ADMISSION_CHANNEL)

/** By the name of the pool; weakly, because an application may drop an admission without closing it. */
const meters = new Map<string, Set<WeakRef<Meter>>>()

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
    const others = meters.get(this.#pool) ?? new Set()
    meters.set(this.#pool, others.add(new WeakRef(this)))
  }

  tell(change: AdmissionChange): void {
    if (!events.hasSubscribers) return
    const level = { slots: 0, bytes: 0, waiting: 0 }
    const known = meters.get(this.#pool)
    for (const reference of known ?? []) {
      const meter = reference.deref()
      if (meter === undefined) {
        known?.delete(reference)
        continue
      }
      const { slots, bytes } = meter.#held()
      level.slots += slots
      level.bytes += bytes
      level.waiting += meter.#waiting()
    }
    const event: AdmissionEvent = { ...change, pool: this.#pool, ...level }
    events.publish(event)
  }
}

const NOTHING_HELD: Held = Object.freeze({ slots: 0, bytes: 0 })
