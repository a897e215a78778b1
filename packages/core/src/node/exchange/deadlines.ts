// What waits on one server, in the order in which the waits began, and the one timer that ends those
// whose time is up. Most waits are over within a round trip: a timer for each would cost more than all
// else they need.
//
// A linked list and not a Set: a Set that grows and shrinks leaves its old tables behind, each linked to
// the next and still holding its members, and V8's scavenger keeps all of them until the next full
// collection. Whoever leaves this list lets go of its neighbours.

import { inProcessContext } from '../observe/async-context.js'
import { clearTimeout, nextTick, nowMs, setImmediate, setTimeout } from '../timers.js'

/** Something that waits, and may be on one list at a time. */
export abstract class Wait {
  /** Its list, and its neighbours there. */
  list: Deadlines | undefined
  previous: Wait | undefined
  next: Wait | undefined

  /** When its time is up, of `performance.now()`; may be put off while it waits. */
  abstract readonly deadline: number

  /** The deadline has come. It is off the list, or has put off its deadline, when this returns. */
  abstract expire(): void

  /** The server is closing. */
  hurry(): void {}

  /** Waits no longer. */
  leave(): void {
    this.list?.delete(this)
  }
}

/**
 * Each wake-up looks at every wait, so wake-ups are at least this far apart, in milliseconds. A wait may
 * outlive its deadline by as much.
 */
const REST_MS = 50

/**
 * The longest that the timer is set for, in milliseconds. It fires for nothing when nobody waits any more,
 * which costs less than to clear it each time; a long one would keep the realm of the library.
 */
const LONGEST_MS = 1000

export class Deadlines {
  #first: Wait | undefined
  #last: Wait | undefined
  #size = 0
  #timer: NodeJS.Timeout | undefined
  /** When the timer fires, of `performance.now()`. */
  #wakesAt = Number.POSITIVE_INFINITY
  #holdsProcess = false

  get size(): number {
    return this.#size
  }

  /** The one that has waited longest. */
  get oldest(): Wait | undefined {
    return this.#first
  }

  add(wait: Wait): void {
    wait.leave()
    wait.list = this
    wait.previous = this.#last
    if (this.#last === undefined) this.#first = wait
    else this.#last.next = wait
    this.#last = wait
    this.#size += 1
    this.#wakeBy(wait.deadline)
  }

  delete(wait: Wait): void {
    if (wait.list !== this) return
    const { previous, next } = wait
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    wait.list = undefined
    wait.previous = undefined
    wait.next = undefined
    this.#size -= 1
    if (this.#size === 0) this.#rest()
  }

  /** The server is closing: from here on the process stays until the last wait is over. */
  hurryAll(): void {
    this.#holdsProcess = true
    if (this.#size === 0) this.#rest()
    else this.#timer?.ref()
    for (const wait of this.#all()) this.hurry(wait)
  }

  hurry(wait: Wait): void {
    wait.hurry()
    this.#wakeBy(wait.deadline)
  }

  #wakeBy(time: number): void {
    if (time >= this.#wakesAt) return
    clearTimeout(this.#timer)
    const now = nowMs()
    this.#wakesAt = Math.min(time, now + LONGEST_MS)
    const ms = Math.max(0, Math.ceil(this.#wakesAt - now))
    this.#timer = inProcessContext(() => setTimeout(wake, ms, this))
    if (!this.#holdsProcess) this.#timer.unref()
  }

  /** Nobody waits. */
  #rest(): void {
    if (!this.#holdsProcess) return
    clearTimeout(this.#timer)
    this.#wakesAt = Number.POSITIVE_INFINITY
  }

  look(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY
    const now = nowMs()
    let earliest = Number.POSITIVE_INFINITY
    for (const wait of this.#all()) {
      if (wait.deadline <= now) expire(wait)
      if (wait.list === this) earliest = Math.min(earliest, wait.deadline)
    }
    if (this.#size > 0) this.#wakeBy(Math.max(earliest, now + REST_MS))
  }

  /** A copy: those that expire leave. */
  #all(): readonly Wait[] {
    const all: Wait[] = []
    for (let wait = this.#first; wait !== undefined; wait = wait.next) all.push(wait)
    return all
  }
}

/** A process that stood still runs its timers before it reads what has come: bytes may have put a deadline off. */
function wake(deadlines: Deadlines): void {
  setImmediate(look, deadlines)
}

function look(deadlines: Deadlines): void {
  deadlines.look()
}

/** What an application throws there, from a listener that its answer calls, is its exception: the others are woken. */
function expire(wait: Wait): void {
  try {
    wait.expire()
  } catch (error) {
    wait.leave()
    nextTick(rethrow, error)
  }
}

function rethrow(error: unknown): never {
  throw error
}
