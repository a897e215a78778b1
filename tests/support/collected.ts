// Whether objects can still be reached, by what V8 has collected.
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const MOST_COLLECTIONS = 60
const REST_MS = 50

/**
 * What V8 had marked before it was let go is left to the next collection; and a timer that has
 * nothing left to do, such as the one for a server's lingers, is let go when it fires.
 */
export async function areCollected(references: readonly WeakRef<object>[]): Promise<boolean> {
  for (let time = 0; time < MOST_COLLECTIONS; time += 1) {
    await delay(REST_MS)
    collect()
    if (references.every((reference) => reference.deref() === undefined)) return true
  }
  return false
}
