// What is remembered of each upstream, and for how long: that it said no lately, and that asking it is of
// no use. At most a thousand origins are remembered, as a function may choose any; the one that was used
// longest ago is forgotten first.

/** After a failure, or a refusal without `Retry-After`, an upstream comes last for so long. */
const AVOIDED_MS = 10_000
const LONGEST_AVOIDED_MS = 60_000
const NOT_ASKED_MS = 600_000
const MOST_ORIGINS = 1000

/** By the clock that nobody sets: until a moment of it, in milliseconds. */
export class OriginMemory {
  #avoidedUntil = 0
  #notAskedUntil = 0

  get isAvoided(): boolean {
    return this.#avoidedUntil > performance.now()
  }

  /** Asking it brought silence or 417. */
  get isNotAsked(): boolean {
    return this.#notAskedUntil > performance.now()
  }

  /** @param retryAfter - A `Retry-After` in seconds; a date counts as none. */
  saidNo(retryAfter?: string): void {
    const seconds = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined
    const ms = seconds === undefined ? AVOIDED_MS : Math.min(seconds * 1000, LONGEST_AVOIDED_MS)
    this.#avoidedUntil = performance.now() + ms
  }

  saidYes(): void {
    this.#avoidedUntil = 0
  }

  doesNotAnswerAsking(): void {
    this.#notAskedUntil = performance.now() + NOT_ASKED_MS
  }
}

/** Values by origin, with a bound. */
export class ByOrigin<Value> {
  readonly #values = new Map<string, Value>()

  constructor(private readonly make: (origin: string) => Value) {}

  /** What is remembered now. */
  values(): Iterable<Value> {
    return this.#values.values()
  }

  of(origin: string): Value {
    const known = this.#values.get(origin)
    if (known !== undefined) {
      // Only where something may have to be forgotten does the order matter.
      if (this.#values.size > MOST_ORIGINS / 2) {
        this.#values.delete(origin)
        this.#values.set(origin, known)
      }
      return known
    }
    const made = this.make(origin)
    this.#values.set(origin, made)
    if (this.#values.size > MOST_ORIGINS) {
      const oldest = this.#values.keys().next()
      if (oldest.done !== true) this.#values.delete(oldest.value)
    }
    return made
  }
}
