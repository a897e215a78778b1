// What admission asks of whoever counts: this process alone, or Redis for all of them.
// Answers are words, not errors: a full pool is no fault.

import type { Held, Meter } from './meter.js'

/** What one upload holds. */
export interface Claim {
  /** Never used twice, in any process: every command about it may be repeated, or come late. */
  readonly id: string
  /** Whose upload it is; empty where nobody is told apart. */
  readonly tenant: string
  readonly bytes: number
  /** Held to {@link Limits.openBytes}, so that content of unknown length can grow. */
  readonly leavesHeadroom: boolean
}

/** `Infinity`: no limit. */
export interface Limits {
  readonly slots: number
  readonly bytes: number
  /** What is left of `bytes` for uploads that begin, when room is kept for those that grow. */
  readonly openBytes: number
  readonly tenantSlots: number
  readonly tenantBytes: number
  readonly tenantOpenBytes: number
}

/** The limit that something does not fit into. */
export type Shortage = 'slots' | 'bytes' | 'tenant-slots' | 'tenant-bytes'

/** `unavailable`: the store cannot be asked, and nothing may be granted without it. */
export type StoreAnswer = 'granted' | Shortage | 'unavailable'

/**
 * What becomes of uploads while the store cannot be asked.
 * - `refuse`: nothing is granted; the limits hold strictly
 * - `local`: a process goes on with its part of what was free
 * - `admit`: everything passes
 */
export type OnStoreFailure = 'refuse' | 'local' | 'admit'

/** How a store is used by one `admission()`. */
export interface PoolSettings {
  readonly limits: Limits
  readonly onStoreFailure: OnStoreFailure
  readonly meter: Meter
  /** Moved on when something may have come free: what grows first, as it has cost something already. */
  readonly lines: Lines
}

/** Uploads of one admission that wait. */
export interface Lines {
  readonly growing: Waiting
  readonly beginning: Waiting
}

export interface Waiting {
  readonly length: number
  /** When its first one has joined; meaningless where nobody waits. */
  readonly since: number
  /** Something may have come free. */
  advance(): void
}

/** A store in use. Nothing here throws or rejects. */
export interface Pool {
  /** Room may come free without a word; who waits has to ask again now and then. */
  readonly silent: boolean
  /** What this process holds. */
  readonly held: Held
  newId(): string
  acquire(claim: Claim): StoreAnswer | Promise<StoreAnswer>
  /** Adds to a claim, which keeps its id. */
  extend(id: string, by: number): StoreAnswer | Promise<StoreAnswer>
  /** Gives back; what is not held is nothing. */
  release(id: string): void
  /** Gives back everything that is still held, and leaves. */
  close(): Promise<void>
}

/** Where slots and bytes are counted: `memoryStore()` or `redisStore(client)`. */
export interface AdmissionStore {
  /** The name in metrics and on the channel. */
  readonly name: string
  /** @internal */
  open(settings: PoolSettings): Pool
}
