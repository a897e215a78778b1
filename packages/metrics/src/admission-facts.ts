// What both systems count of admission: how much each pool holds in this process, as changes, and
// whether its store can be asked.

import type { AdmissionEvent } from '@expectation/core'

/** Labels of bounded number. */
export interface AdmissionLabels {
  readonly pool: string
  reasonOf(reason: string): string
}

/** How much more, or less, than before. */
export interface LevelChange {
  readonly slots: number
  readonly bytes: number
  readonly waiting: number
  /** `undefined`: nothing was told of it, and a pool in memory has no store. */
  readonly storeUp: number | undefined
}

type Store = 'untold' | Extract<AdmissionEvent, { readonly kind: 'store' }>['state']

interface Level {
  readonly slots: number
  readonly bytes: number
  readonly waiting: number
  readonly store: Store
}

const NOTHING: Level = Object.freeze({ slots: 0, bytes: 0, waiting: 0, store: 'untold' })

/**
 * Levels by pool: an event tells them whole; a counter that goes up and down wants the difference. Pools
 * of one label are added up.
 */
export class AdmissionLevels {
  readonly #pools = new Map<string, { readonly label: string; readonly level: Level }>()

  change(label: string, event: AdmissionEvent): LevelChange {
    const before = this.#pools.get(event.pool)?.level ?? NOTHING
    const { slots, bytes, waiting } = event
    const level = { slots, bytes, waiting, store: storeAfter(event, before.store) }
    this.#pools.set(event.pool, { label, level })
    return difference(before, level)
  }

  /** Nothing more is told: what each pool still counts for is taken back. */
  *end(): Generator<readonly [label: string, change: LevelChange]> {
    for (const { label, level } of this.#pools.values()) yield [label, difference(level, NOTHING)]
    this.#pools.clear()
  }
}

/** An answer that was under way when the store went away comes after that was told: it changes nothing. */
function storeAfter(event: AdmissionEvent, before: Store): Store {
  if (event.kind === 'store') return event.state
  return event.kind === 'asked' && !event.failed && before === 'untold' ? 'up' : before
}

function difference(before: Level, after: Level): LevelChange {
  const isTold = before.store !== 'untold' || after.store !== 'untold'
  return {
    slots: after.slots - before.slots,
    bytes: after.bytes - before.bytes,
    waiting: after.waiting - before.waiting,
    storeUp: isTold ? storeUp(after.store) - storeUp(before.store) : undefined,
  }
}

function storeUp(store: Store): number {
  return store === 'up' ? 1 : 0
}
