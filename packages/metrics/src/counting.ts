// Whoever counts into one thing counts once, however many modules ask for it, and until the last of them stops.
// It is kept on the thing itself, so that copies of this package in one process count once, too.

import type { Stoppable } from './recorder.js'

const COUNTING = Symbol.for('@expectation/metrics.counting')

export interface Counting extends Stoppable {
  /** False where what is counted into has lost it, behind our back. Default: nothing can be lost. */
  isWhole?(): boolean
}

interface Shared {
  readonly counting: Counting
  users: number
}

type Target = object & { [COUNTING]?: Shared | undefined }

/** @returns A handle of its own for each who asks; `begin` is called for the first one only. */
export function countOnce(target: Target, begin: () => Counting): Stoppable {
  const shared = sharedBy(target) ?? { counting: begin(), users: 0 }
  target[COUNTING] = shared
  shared.users += 1
  let stopped = false
  return {
    stop() {
      if (stopped) return
      stopped = true
      shared.users -= 1
      if (shared.users === 0) end(target, shared)
    },
  }
}

function sharedBy(target: Target): Shared | undefined {
  const shared = target[COUNTING]
  if (shared?.counting.isWhole?.() !== false) return shared
  end(target, shared)
  return undefined
}

function end(target: Target, shared: Shared): void {
  // What has lost it may have another one by now, which is not ours to end.
  if (target[COUNTING] !== shared) return
  delete target[COUNTING]
  shared.counting.stop()
}
