// Finds out by itself how many uploads a process takes at a time, by the delay of its own event loop:
// one more while it is short (additive increase), a fifth less when it is long (multiplicative decrease).
// Not by how long uploads take: a slow phone is no overload.

import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import {
  type Check,
  Grant,
  OptionError,
  parseFraming,
  readCount,
  readMilliseconds,
  rejectUnknownNames,
} from '@expectation/core'
import { busy } from '../refusals.js'

export interface AdaptiveOptions {
  /**
   * The delay of the event loop that is aimed at, in milliseconds, 1 to 10000: what any other
   * request waits for on top. Default: `50`.
   */
  readonly targetDelayMs?: number | undefined
  /** Fewest uploads at a time, however long the delay. Default: `1`. */
  readonly min?: number | undefined
  /** Most uploads at a time, however short the delay. Default: `1000`. */
  readonly max?: number | undefined
}

export interface Adaptive extends Check {
  /** Uploads under way, and how many would be let in. */
  stats(): { readonly slots: number; readonly limit: number }
}

const BEGIN_WITH = 20
const TURN_MS = 500
const RESOLUTION_MS = 10
/** More is tried only when what is allowed is used. */
const IN_USE = 0.8
const DECREASE = 0.8

/**
 * Limits the uploads of this process to what keeps it responsive, and refuses the rest with 503
 * `uploads_at_capacity`. For work that is done by this process; not for a pool of many.
 *
 * @throws `OptionError` for wrong options.
 */
export function adaptive(options: AdaptiveOptions = {}): Adaptive {
  rejectUnknownNames('adaptive', options, ['targetDelayMs', 'min', 'max'])
  const target = readMilliseconds('adaptive.targetDelayMs', options.targetDelayMs, 1, 10_000) ?? 50
  const min = readCount('adaptive.min', options.min, 1) ?? 1
  const max = readCount('adaptive.max', options.max, 1) ?? 1000
  if (min > max) {
    const remedy = `Give at most max, which is ${max}.`
    throw new OptionError({ option: 'adaptive.min', received: min, remedy })
  }
  const controller = new Controller(target, min, max)
  const check: Check = function adaptive(head) {
    if (parseFraming(head).kind === 'none') return undefined
    if (!controller.enter()) return busy()
    return new Grant({ release: () => controller.leave() })
  }
  return Object.assign(check, {
    stats: () => ({ slots: controller.slots, limit: Math.floor(controller.limit) }),
  })
}

/** Measures only while uploads are under way, so that an idle process has no timer. */
class Controller {
  slots = 0
  limit: number
  #mostUsed = 0
  #delay: IntervalHistogram | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(
    private readonly target: number,
    private readonly min: number,
    private readonly max: number,
  ) {
    this.limit = Math.min(max, Math.max(min, BEGIN_WITH))
  }

  enter(): boolean {
    if (this.slots + 1 > this.limit) return false
    this.slots += 1
    this.#mostUsed = Math.max(this.#mostUsed, this.slots)
    if (this.#timer === undefined) this.#begin()
    return true
  }

  leave(): void {
    this.slots -= 1
  }

  #begin(): void {
    this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
    this.#delay.enable()
    this.#timer = setInterval(() => this.#turn(), TURN_MS)
    this.#timer.unref()
  }

  #turn(): void {
    // The histogram counts the time between two looks, of which the resolution is no delay.
    const delay = (this.#delay?.percentile(90) ?? 0) / 1e6 - RESOLUTION_MS
    this.#delay?.reset()
    if (delay > this.target) this.limit = Math.max(this.min, this.limit * DECREASE)
    else if (this.#mostUsed >= IN_USE * Math.floor(this.limit)) {
      this.limit = Math.min(this.max, this.limit + 1)
    }
    this.#mostUsed = this.slots
    if (this.slots > 0) return
    this.#delay?.disable()
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
