// The connections of one server that linger, and the one timer that ends those whose time is up.
// Most are gone within a round trip: a timer for each would cost more than all else they need.
//
// An array and not a Set: a Set that grows and shrinks all the time leaves its old tables behind, each
// linked to the next and still holding what was in it. Once V8's scavenger has promoted one of them,
// it promotes everything behind it, until the next full collection: a tenth of what a refusal cost.

import { performance } from 'node:perf_hooks'

export interface Lingering {
  /** Where it stands among its server's. */
  place: number
  /** When its time is up, of `performance.now()`. Only `hurry` brings it forward. */
  readonly deadline: number
  /** The deadline has come. */
  expire(): void
  /** The server is closing: the answer gets a moment more to arrive, no longer. */
  hurry(): void
}

/**
 * Everybody is looked at each time: thousands whose time is up one after the other must not be looked
 * at every millisecond. So much later than its bounds, in milliseconds, a linger may end.
 */
const REST_MS = 50

export class Lingers {
  readonly #members: Lingering[] = []
  #timer: NodeJS.Timeout | undefined
  /** When the timer fires, of `performance.now()`. */
  #wakesAt = Number.POSITIVE_INFINITY

  add(linger: Lingering): void {
    linger.place = this.#members.push(linger) - 1
    this.#wakeBy(linger.deadline)
  }

  /** The last one takes the place of the one that goes. */
  delete(linger: Lingering): void {
    if (this.#members[linger.place] !== linger) return
    const last = this.#members.pop()
    if (last === undefined || last === linger) return
    this.#members[linger.place] = last
    last.place = linger.place
  }

  /** The server is closing. */
  hurryAll(): void {
    for (const linger of this.#members) this.hurry(linger)
  }

  hurry(linger: Lingering): void {
    linger.hurry()
    this.#wakeBy(linger.deadline)
  }

  #wakeBy(time: number): void {
    if (time >= this.#wakesAt) return
    clearTimeout(this.#timer)
    this.#wakesAt = time
    const ms = Math.max(0, Math.ceil(time - performance.now()))
    this.#timer = setTimeout(() => this.#wake(), ms).unref()
  }

  #wake(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY
    const now = performance.now()
    // A copy: those that expire leave.
    for (const linger of [...this.#members]) if (linger.deadline <= now) linger.expire()
    const next = this.#members.reduce(earlier, Number.POSITIVE_INFINITY)
    if (next < Number.POSITIVE_INFINITY) this.#wakeBy(Math.max(next, now + REST_MS))
  }
}

function earlier(time: number, { deadline }: Lingering): number {
  return Math.min(time, deadline)
}
