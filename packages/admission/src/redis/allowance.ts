// What this process may hold on its own account while the server cannot be asked: what the server counts
// for it, and its part of what was free. The parts of all processes together stay within the limits. Laws:
// - free is counted from the highest use of the last seconds: somebody may just have taken the rest
// - who has just begun, or has seen nothing for long, knows neither the others nor the use: no part
// - what is on its way to the server counts as taken, or many would pass at once
// - a tenant has its part of its own limit, whether its uploads begin or grow

import type { Claim, Limits, StoreAnswer } from '../store.js'
import type { Ledger } from './ledger.js'

interface Use {
  readonly slots: number
  readonly bytes: number
}

/** Uses are looked back at in two windows of this length. */
export const WINDOW_MS = 1_000
/** What was seen longer ago says nothing. */
const STALE_MS = 3_000

export class Allowance {
  readonly #ledger: Ledger
  readonly #limits: Limits
  readonly #settlingMs: number
  /** Claims that were sent with leave to be taken on our own account. */
  readonly #asked = new Map<string, Claim>()
  #askedBytes = 0
  #most: Use | undefined
  #joinedAt = Number.POSITIVE_INFINITY
  #seenAt = Number.NEGATIVE_INFINITY
  #now: Use = NOTHING
  #before: Use = NOTHING

  /** @param settlingMs - How long it takes until every process knows of this one. */
  constructor(ledger: Ledger, limits: Limits, settlingMs: number) {
    this.#ledger = ledger
    this.#limits = limits
    this.#settlingMs = settlingMs
  }

  /** Whether uses were seen within the last window. */
  get fresh(): boolean {
    return performance.now() - this.#seenAt < WINDOW_MS
  }

  /** The server counts this process among the others. */
  joined(): void {
    this.#joinedAt = Math.min(this.#joinedAt, performance.now())
  }

  /** The server has told what is in use. */
  saw(use: Use): void {
    const now = performance.now()
    if (now - this.#seenAt > WINDOW_MS) {
      this.#before = this.#now
      this.#now = use
      this.#seenAt = now
    } else {
      this.#now = larger(this.#now, use)
    }
  }

  /** The server decides again. */
  lift(): void {
    this.#most = undefined
  }

  /**
   * From here on, until {@link Allowance.lift}, this process goes by its own account.
   *
   * @param unheard - What was given back, and the server counts as far as it is known: nobody else has
   * got it. Uploads that are shorter than the store's time have all ended when it is known to be away.
   */
  freeze(processes: number, unheard: Use = NOTHING): void {
    if (this.#most !== undefined) return
    const slots = this.#ledger.slots + unheard.slots
    const bytes = this.#ledger.bytes + unheard.bytes
    const now = performance.now()
    const settled = now - this.#joinedAt > this.#settlingMs && now - this.#seenAt < STALE_MS
    if (!settled) {
      this.#most = { slots, bytes }
      return
    }
    const used = larger(this.#now, this.#before)
    this.#most = {
      slots: slots + part(this.#limits.slots - used.slots, processes),
      bytes: bytes + part(this.#limits.bytes - used.bytes, processes),
    }
  }

  /**
   * Whether so much more may be taken on our own account; never while the server decides.
   *
   * @param more - No slots where a claim grows, which has its own already.
   */
  allows(tenant: string, more: Use, processes: number): StoreAnswer {
    if (this.#most === undefined) return 'unavailable'
    const { slots, bytes } = this.#ledger
    const begins = more.slots > 0
    if (begins && slots + this.#asked.size + more.slots > this.#most.slots) return 'unavailable'
    if (bytes + this.#askedBytes + more.bytes > this.#most.bytes) return 'unavailable'
    if (tenant === '') return 'granted'
    let own = this.#ledger.ofTenant(tenant)
    for (const claim of this.#asked.values()) {
      if (claim.tenant === tenant) own = { slots: own.slots + 1, bytes: own.bytes + claim.bytes }
    }
    const { tenantSlots, tenantBytes } = this.#limits
    const mostSlots = Math.max(1, part(tenantSlots, processes))
    if (begins && own.slots + more.slots > mostSlots) return 'tenant-slots'
    return own.bytes + more.bytes <= part(tenantBytes, processes) ? 'granted' : 'tenant-bytes'
  }

  asks(claim: Claim): void {
    this.#asked.set(claim.id, claim)
    this.#askedBytes += claim.bytes
  }

  answered(claim: Claim): void {
    if (this.#asked.delete(claim.id)) this.#askedBytes -= claim.bytes
  }
}

const NOTHING: Use = Object.freeze({ slots: 0, bytes: 0 })

function part(whole: number, processes: number): number {
  return Math.floor(Math.max(0, whole) / Math.max(1, processes))
}

function larger(one: Use, other: Use): Use {
  return {
    slots: Math.max(one.slots, other.slots),
    bytes: Math.max(one.bytes, other.bytes),
  }
}
