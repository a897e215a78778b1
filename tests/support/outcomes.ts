// Outcomes as a test waits for them: an exchange has settled when its outcome is told.
import type { Outcome } from '@expectation/express'
import { within } from './server.js'

export interface Outcomes {
  readonly all: readonly Outcome[]
  /** Give it to a gate. */
  readonly onOutcome: (outcome: Outcome) => void
  /** Waits until there are this many, and returns them. */
  reach(count: number, withinMs?: number): Promise<readonly Outcome[]>
  /** Waits for the first. */
  first(withinMs?: number): Promise<Outcome>
}

export function outcomes(): Outcomes {
  const all: Outcome[] = []
  const waiting = new Set<() => void>()
  const reach = async (count: number, withinMs = 10_000): Promise<readonly Outcome[]> => {
    const reached = new Promise<void>((resolve) => {
      const look = (): void => {
        if (all.length < count) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
    await within(`outcome ${count}`, reached, withinMs)
    return all
  }
  return {
    all,
    reach,
    onOutcome: (outcome) => {
      all.push(outcome)
      for (const look of waiting) look()
    },
    first: async (withinMs) => {
      const [outcome] = await reach(1, withinMs)
      if (outcome === undefined) throw new Error('unreachable')
      return outcome
    },
  }
}
