// A label never takes more values than were decided beforehand, whatever a client sends or an
// application makes up: each value is one more time series, for ever.

/** What stands for every value that came when there was no room any more. */
export const OTHER = 'other'

/** Longer ones are not names that somebody wrote. */
const MAX_LENGTH = 200

export class BoundedValues {
  readonly #values: Set<string>
  readonly #most: number

  /**
   * @param known - Always told by name.
   * @param room - How many more may be told by name, first come.
   */
  constructor(known: Iterable<string>, room: number) {
    this.#values = new Set(known)
    this.#most = this.#values.size + room
  }

  of(value: string): string {
    if (this.#values.has(value)) return value
    if (this.#values.size >= this.#most || value.length > MAX_LENGTH) return OTHER
    this.#values.add(value)
    return value
  }
}
