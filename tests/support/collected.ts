// Whether objects can still be reached, by what V8 has collected.
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const MOST_COLLECTIONS = 10

/** What V8 had marked before it was let go is left to the next collection. */
export async function areCollected(references: readonly WeakRef<object>[]): Promise<boolean> {
  for (let time = 0; time < MOST_COLLECTIONS; time += 1) {
    await turn()
    collect()
    if (references.every((reference) => reference.deref() === undefined)) return true
  }
  return false
}
