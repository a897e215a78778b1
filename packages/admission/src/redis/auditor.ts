// Counts again now and then. Scripts keep the counters right; what comes from outside does not: an
// eviction, a key deleted by hand, a restore of half a dump.

import type { Meter } from '../meter.js'
import type { Link } from './link.js'
import { readCount } from './reply.js'
import { SCRIPTS } from './scripts/scripts.js'

/** At most once in a minute, whichever process does it. */
const EVERY_MS = 60_000
/** All claims are looked at, with the server waiting: 21 ms for 10,000. */
const TIMEOUT_MS = 5_000

export class Auditor {
  readonly #link: Link
  readonly #meter: Meter
  readonly #leaseMs: number
  #last = performance.now()

  constructor(link: Link, meter: Meter, leaseMs: number) {
    this.#link = link
    this.#meter = meter
    this.#leaseMs = leaseMs
  }

  /** Called at every heartbeat. */
  turn(): void {
    const now = performance.now()
    if (!this.#link.up || now - this.#last < EVERY_MS) return
    this.#last = now
    void this.#audit()
  }

  async #audit(): Promise<void> {
    try {
      const [wrong] = await this.#link.call(SCRIPTS.audit, [EVERY_MS, this.#leaseMs], {
        ms: TIMEOUT_MS,
      })
      const counters = readCount(wrong)
      if (counters > 0) this.#meter.tell({ kind: 'drift', counters })
    } catch {
      // The link knows.
    }
  }
}
