// The connections of one server that linger.
//
// An array and not a Set: a Set that grows and shrinks all the time leaves its old tables behind, each
// linked to the next and still holding what was in it. Once V8's scavenger has promoted one of them,
// it promotes everything behind it, until the next full collection: a tenth of what a refusal cost.

export interface Lingering {
  /** Where it stands among its server's. */
  place: number
  hurry(): void
}

export class Lingers implements Iterable<Lingering> {
  readonly #members: Lingering[] = []

  add(linger: Lingering): void {
    linger.place = this.#members.push(linger) - 1
  }

  /** The last one takes the place of the one that goes. */
  delete(linger: Lingering): void {
    if (this.#members[linger.place] !== linger) return
    const last = this.#members.pop()
    if (last === undefined || last === linger) return
    this.#members[linger.place] = last
    last.place = linger.place
  }

  [Symbol.iterator](): IterableIterator<Lingering> {
    return this.#members.values()
  }
}
