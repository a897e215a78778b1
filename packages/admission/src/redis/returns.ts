// Claims that are over and that the server still has to hear about: many in one call, again after an
// outage. Told twice, or of a claim that the server never knew, it is nothing.

import type { Link } from './link.js'
import { SCRIPTS } from './scripts/scripts.js'

const BATCH = 1_000
/** More are not kept: the lease of the oldest ends by itself. */
const MOST_KEPT = 100_000

export class Returns {
  readonly #link: Link
  readonly #onReturned: () => void
  readonly #ids = new Set<string>()
  #flushing: Promise<void> | undefined

  /** @param onReturned - The server has heard of some. */
  constructor(link: Link, onReturned: () => void) {
    this.#link = link
    this.#onReturned = onReturned
  }

  /** It is not given back after all. */
  keep(id: string): void {
    this.#ids.delete(id)
  }

  add(id: string): void {
    if (this.#ids.size >= MOST_KEPT) {
      for (const oldest of this.#ids) {
        this.#ids.delete(oldest)
        break
      }
    }
    this.#ids.add(id)
    void this.flush()
  }

  /** Resolves when everything was told that there is now, or the server is away. */
  flush(): Promise<void> {
    this.#flushing ??= this.#send().finally(() => {
      this.#flushing = undefined
    })
    return this.#flushing
  }

  async #send(): Promise<void> {
    // All that is given back in one turn goes in one call.
    await Promise.resolve()
    while (this.#link.up && this.#ids.size > 0) {
      const ids = [...this.#ids].slice(0, BATCH)
      for (const id of ids) this.#ids.delete(id)
      try {
        await this.#link.call(SCRIPTS.release, ids)
      } catch {
        for (const id of ids) this.#ids.add(id)
        return
      }
      this.#onReturned()
    }
  }
}
