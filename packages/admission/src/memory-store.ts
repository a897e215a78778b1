// Counts in this process alone: exact, at once, and gone with it. Admissions that are given the same
// store share what it counts, each by its own limits.

import { shortageOf, type Use } from './fit.js'
import type { Held } from './meter.js'
import type { AdmissionStore, Claim, Lines, Pool, PoolSettings, StoreAnswer } from './store.js'

/**
 * Slots and bytes of this process, the default. For one process, or where each process has its part.
 */
export function memoryStore(): AdmissionStore {
  return new MemoryStore()
}

class MemoryStore implements AdmissionStore {
  readonly name = 'memory'
  readonly used: Use = { slots: 0, bytes: 0 }
  readonly tenants = new Map<string, Use>()
  readonly lines = new Set<Lines>()
  claims = 0

  /** Of several admissions that wait, the one whose first upload has waited longest goes first. */
  freed(): void {
    for (const kind of ['growing', 'beginning'] as const) {
      const waiting = [...this.lines].map((lines) => lines[kind]).filter(({ length }) => length > 0)
      for (const line of waiting.sort((one, other) => one.since - other.since)) line.advance()
    }
  }

  /** @internal */
  open(settings: PoolSettings): Pool {
    return new MemoryPool(this, settings)
  }
}

class MemoryPool implements Pool {
  readonly silent = false
  readonly #store: MemoryStore
  readonly #settings: PoolSettings
  readonly #claims = new Map<string, { tenant: string; bytes: number }>()
  readonly #held: Use = { slots: 0, bytes: 0 }

  constructor(store: MemoryStore, settings: PoolSettings) {
    this.#store = store
    this.#settings = settings
    store.lines.add(settings.lines)
  }

  get held(): Held {
    return this.#held
  }

  newId(): string {
    this.#store.claims += 1
    return String(this.#store.claims)
  }

  acquire(claim: Claim): StoreAnswer {
    const { used, tenants } = this.#store
    const shortage = shortageOf(this.#settings.limits, claim, used, tenants.get(claim.tenant))
    if (shortage !== undefined) return shortage
    this.#claims.set(claim.id, { tenant: claim.tenant, bytes: claim.bytes })
    this.#count(claim.tenant, 1, claim.bytes)
    return 'granted'
  }

  extend(id: string, by: number): StoreAnswer {
    const claim = this.#claims.get(id)
    if (claim === undefined) return 'unavailable'
    const { used, tenants } = this.#store
    const { bytes, tenantBytes } = this.#settings.limits
    const ofTenant = tenants.get(claim.tenant)
    if (ofTenant !== undefined && ofTenant.bytes + by > tenantBytes) return 'tenant-bytes'
    if (used.bytes + by > bytes) return 'bytes'
    claim.bytes += by
    this.#count(claim.tenant, 0, by)
    return 'granted'
  }

  release(id: string): void {
    const claim = this.#claims.get(id)
    if (claim === undefined) return
    this.#claims.delete(id)
    this.#count(claim.tenant, -1, -claim.bytes)
    this.#store.freed()
  }

  async close(): Promise<void> {
    for (const id of [...this.#claims.keys()]) this.release(id)
    this.#store.lines.delete(this.#settings.lines)
  }

  #count(tenant: string, slots: number, bytes: number): void {
    add(this.#held, slots, bytes)
    add(this.#store.used, slots, bytes)
    if (tenant === '') return
    const { tenants } = this.#store
    const use = tenants.get(tenant) ?? { slots: 0, bytes: 0 }
    add(use, slots, bytes)
    if (use.slots === 0) tenants.delete(tenant)
    else tenants.set(tenant, use)
  }
}

function add(use: Use, slots: number, bytes: number): void {
  use.slots += slots
  use.bytes += bytes
}
