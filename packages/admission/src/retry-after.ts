// When a refused client should come back: after the time that a slot is held on average, and never
// all of them at the same moment, for those would be the next spike.

/** Each upload that ends moves the mean by a tenth of the difference. */
const WEIGHT = 0.1
/** Below it, whole seconds leave no room to spread clients. */
const SHORTEST_MEAN_MS = 2_000
const LONGEST_SECONDS = 60

export class HoldTime {
  #meanMs: number | undefined

  /** An upload has held its slot for so long, in milliseconds. */
  add(ms: number): void {
    this.#meanMs = this.#meanMs === undefined ? ms : this.#meanMs + (ms - this.#meanMs) * WEIGHT
  }

  /** Whole seconds, 1 to 60: the mean, times 0.5 to 1.5 at random (RFC 9110 section 10.2.3). */
  retryAfter(random: () => number = Math.random): number {
    const mean = Math.max(this.#meanMs ?? 0, SHORTEST_MEAN_MS)
    const seconds = Math.round((mean * (0.5 + random())) / 1000)
    return Math.min(LONGEST_SECONDS, Math.max(1, seconds))
  }
}
