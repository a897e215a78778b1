// Claims that are over and that the server still has to hear about: many in one call, again after an
// outage. Told twice, or of a claim that the server never knew, it is nothing.

import type { Held } from '../meter.js'
import type { Link } from './link.js'

const BATCH = 1_000
/** More are not kept: the lease of the oldest ends by itself. */
const MOST_KEPT = 100_000

export class Returns {
  readonly #link: Link
  readonly #onReturned: () => void
  /** With the bytes that the server counts for them, if it does. */
  readonly #kept = new Map<string, number | undefined>()
  /** On their way. */
  readonly #sent = new Map<string, number | undefined>()
  #flushing: Promise<void> | undefined

  /** @param onReturned - The server has heard of some. */
  constructor(link: Link, onReturned: () => void) {
    this.#link = link
    this.#onReturned = onReturned
  }

  /** What the server counted when it was last heard, and has not confirmed that it is over. */
  get unheard(): Held {
    const held = { slots: 0, bytes: 0 }
    for (const bytes of [...this.#kept.values(), ...this.#sent.values()]) {
      if (bytes === undefined) continue
      held.slots += 1
      held.bytes += bytes
    }
    return held
  }

  /** @param bytes - What the server counts for it; absent where it may never have heard of it. */
  add(id: string, bytes?: number): void {
    if (this.#kept.size >= MOST_KEPT) {
      for (const oldest of this.#kept.keys()) {
        this.#kept.delete(oldest)
        break
      }
    }
    this.#kept.set(id, bytes)
    void this.flush()
  }

  /** Resolves when everything was told that there is now, or the server is away. */
  flush(): Promise<void> {
    this.#flushing ??= this.#send().finally(() => {
      this.#flushing = undefined
    })
    return this.#flushing
  }

  /** Tells at once what is there: whatever is sent after it finds the room that it leaves. */
  goAhead(): void {
    if (this.#link.up && this.#kept.size > 0) void this.#sendSome()
  }

  async #send(): Promise<void> {
    // All that is given back in one turn goes in one call.
    await Promise.resolve()
    while (this.#link.up && this.#kept.size > 0) {
      if (!(await this.#sendSome())) return
    }
  }

  /** @returns Whether the server has heard of them. Never rejects. */
  async #sendSome(): Promise<boolean> {
    const some = [...this.#kept].slice(0, BATCH)
    const ids = some.map(([id]) => id)
    for (const [id, bytes] of some) {
      this.#kept.delete(id)
      this.#sent.set(id, bytes)
    }
    try {
      await this.#link.call('release', ids)
    } catch {
      for (const [id, bytes] of some) this.#kept.set(id, bytes)
      return false
    } finally {
      for (const id of ids) this.#sent.delete(id)
    }
    this.#onReturned()
    return true
  }
}
