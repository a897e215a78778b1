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
  /** `undefined`: the event does not tell, and a pool in memory has no store. */
  readonly storeUp: number | undefined
}

interface Level {
  slots: number
  bytes: number
  waiting: number
  storeUp: number
}

/** Levels by pool. An event tells them whole; a counter that goes up and down wants the difference. */
export class AdmissionLevels {
  readonly #levels = new Map<string, Level>()

  /** @param pool - The label of the pool. */
  change(pool: string, event: AdmissionEvent): LevelChange {
    const before = this.#levels.get(pool) ?? { slots: 0, bytes: 0, waiting: 0, storeUp: 0 }
    const { slots, bytes, waiting } = event
    const up = storeUp(event, before.storeUp)
    const now = { slots, bytes, waiting, storeUp: up ?? before.storeUp }
    this.#levels.set(pool, now)
    return {
      slots: slots - before.slots,
      bytes: bytes - before.bytes,
      waiting: waiting - before.waiting,
      storeUp: up === undefined ? undefined : up - before.storeUp,
    }
  }

  /** Nothing more is told: what each pool still counts for is taken back. */
  *end(): Generator<readonly [pool: string, change: LevelChange]> {
    for (const [pool, { slots, bytes, waiting, storeUp }] of this.#levels) {
      yield [pool, { slots: -slots, bytes: -bytes, waiting: -waiting, storeUp: -storeUp }]
    }
    this.#levels.clear()
  }
}

function storeUp(event: AdmissionEvent, before: number): number | undefined {
  if (event.kind === 'store') return event.state === 'up' ? 1 : 0
  if (event.kind !== 'asked') return undefined
  return event.failed ? before : 1
}
