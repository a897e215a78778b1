// What this process holds: the truth that it tells the server, again and again.

import type { Claim } from '../store.js'

export interface Entry {
  readonly id: string
  readonly tenant: string
  bytes: number
  told: Told
}

/** Whether the server knows an entry, as it stands here. */
export type Told = 'no' | 'maybe' | 'yes'

export class Ledger {
  readonly #entries = new Map<string, Entry>()
  readonly #tenants = new Map<string, { slots: number; bytes: number }>()
  #bytes = 0

  get slots(): number {
    return this.#entries.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** In the order in which they were taken. */
  get entries(): readonly Entry[] {
    return [...this.#entries.values()]
  }

  /** Whether everything was told as it stands. */
  get allTold(): boolean {
    for (const { told } of this.#entries.values()) if (told !== 'yes') return false
    return true
  }

  has(id: string): boolean {
    return this.#entries.has(id)
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id)
  }

  ofTenant(tenant: string): { readonly slots: number; readonly bytes: number } {
    return this.#tenants.get(tenant) ?? NOTHING
  }

  add({ id, tenant, bytes }: Claim, told: Told): void {
    if (this.#entries.has(id)) return
    this.#entries.set(id, { id, tenant, bytes, told })
    this.#count(tenant, 1, bytes)
  }

  raise(entry: Entry, total: number, told: Told): void {
    entry.told = told
    this.#count(entry.tenant, 0, total - entry.bytes)
    entry.bytes = total
  }

  remove(id: string): Entry | undefined {
    const entry = this.#entries.get(id)
    if (entry === undefined) return undefined
    this.#entries.delete(id)
    this.#count(entry.tenant, -1, -entry.bytes)
    return entry
  }

  #count(tenant: string, slots: number, bytes: number): void {
    this.#bytes += bytes
    if (tenant === '') return
    const use = this.#tenants.get(tenant) ?? { slots: 0, bytes: 0 }
    use.slots += slots
    use.bytes += bytes
    if (use.slots === 0) this.#tenants.delete(tenant)
    else this.#tenants.set(tenant, use)
  }
}

const NOTHING = Object.freeze({ slots: 0, bytes: 0 })
