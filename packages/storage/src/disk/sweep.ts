// Temporary files of processes that were killed. Others may be writing to the same directory now, so only
// those are taken away that nobody has written to for long.

import { lstat, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { OptionError, readMilliseconds, rejectUnknownNames } from '@expectation/core'
import { isPartName } from './names.js'
import { underWay } from './part-file.js'

export interface SweepOptions {
  /**
   * Milliseconds without a write after which a temporary file counts as abandoned. Longer than any
   * upload may pause. Default: 86 400 000, a day.
   */
  readonly olderThanMs?: number | undefined
}

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Removes temporary files (`.upload-<uuid>.part`) that killed processes left in a directory of
 * `toDisk`, which does the same by itself, at its first upload and then once an hour at most.
 *
 * @returns How many were removed.
 * @throws `OptionError` for wrong options; what `readdir` throws when the directory cannot be read.
 */
export async function sweep(directory: string, options: SweepOptions = {}): Promise<number> {
  if (typeof directory !== 'string' || directory === '') {
    const remedy = 'Give the directory that toDisk() has.'
    throw new OptionError({ option: 'sweep.directory', received: directory, remedy })
  }
  rejectUnknownNames('sweep', options, ['olderThanMs'])
  const age = readMilliseconds('sweep.olderThanMs', options.olderThanMs, 0) ?? DAY_MS
  let removed = 0
  for (const name of await readdir(directory)) {
    if (!isPartName(name)) continue
    if (!underWay.has(name) && (await removeOlder(path.join(directory, name), age))) removed += 1
  }
  return removed
}

/** By directory: when its last sweep began. */
const swept = new Map<string, number>()
const HOUR_MS = 60 * 60 * 1000
/** Directories that are remembered; one for each tenant may be many. */
const MOST_DIRECTORIES = 1000

/** Once an hour at most, as uploads come: a timer would have to be ended. */
export function sweepAtTimes(directory: string): void {
  // Not the clock of the day, which may be set back.
  const now = performance.now()
  if (now - (swept.get(directory) ?? Number.NEGATIVE_INFINITY) < HOUR_MS) return
  if (swept.size >= MOST_DIRECTORIES) swept.clear()
  swept.set(directory, now)
  // Nobody is told: the next one tries again.
  sweep(directory).catch(() => undefined)
}

async function removeOlder(file: string, age: number): Promise<boolean> {
  try {
    const { mtimeMs } = await lstat(file)
    if (Date.now() - mtimeMs < age) return false
    await rm(file)
    return true
  } catch {
    // Its process has removed it meanwhile, or another sweeper has.
    return false
  }
}
