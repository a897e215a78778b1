// Waits for what somebody else does, and not for ever.

import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again and again until it holds. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 3_000,
): Promise<void> {
  const end = performance.now() + ms
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms until ${what}`)
    await sleep(10)
  }
}
