// What is known of servers that do not take part: silent ones let every upload wait for nothing, and
// those that say 417 want it without `Expect`. Remembered for ten minutes, for 1000 origins.

/** `silent`: neither 100 nor an answer within the wait. `declines`: it answered 417. */
export type Habit = 'silent' | 'declines'

const REMEMBERED_MS = 600_000
const REMEMBERED_ORIGINS = 1_000

export class Origins {
  readonly #known = new Map<string, { readonly habit: Habit; readonly until: number }>()

  constructor(private readonly now: () => number = () => performance.now()) {}

  habitOf(origin: string): Habit | undefined {
    const known = this.#known.get(origin)
    if (known === undefined) return undefined
    if (known.until > this.now()) return known.habit
    this.#known.delete(origin)
    return undefined
  }

  learn(origin: string, habit: Habit): void {
    this.#known.delete(origin)
    this.#known.set(origin, { habit, until: this.now() + REMEMBERED_MS })
    if (this.#known.size <= REMEMBERED_ORIGINS) return
    // A Map keeps the order of insertion: the first is the one that was learned longest ago.
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest)
      break
    }
  }

  forget(origin: string): void {
    this.#known.delete(origin)
  }
}

/** Of this process. */
export const origins = new Origins()
