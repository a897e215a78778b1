// Room on a disk, reserved from the head: without the reservation ten uploads that fit one by one are
// all let in, and all of them fail. Laws:
// - looking and reserving are one step; what ended while the disk was looked at still counts
// - what an upload has written counts twice until it is over: in the disk's use, and in its reservation

import { type BigIntStats, type StatsFs, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import {
  type Check,
  Grant,
  OptionError,
  parseFraming,
  Refusal,
  readSize,
  rejectUnknownNames,
} from '@expectation/core'

export interface DiskSpaceOptions {
  /** Bytes that are left free: a number, or text such as `'10gb'`. Default: `'1gb'`. */
  readonly keep?: number | string | undefined
  /**
   * Bytes reserved at a time for content of unknown length, which asks for more as it comes.
   * Default: `'8mb'`.
   */
  readonly step?: number | string | undefined
}

const MEGABYTE = 1024 * 1024

/**
 * Refuses with 507 `insufficient_storage` what the disk of a directory has no room for, beside what
 * is reserved for the uploads under way: all of it until they are over, also what they have written
 * by then, as a check is not told of that. Checks for directories of one file system reserve
 * together, in this process: other processes are seen by what they have written, so several of them
 * need `keep` to have room for what each may be about to write, or `bytes` of `admission()`.
 *
 * @param directory - Has to exist. `statfs` sees the disk, not the quota of a container.
 * @throws `OptionError` when it cannot be looked at, or an option is wrong.
 *
 * @example
 * expectation({ checks: [diskSpace('/var/uploads', { keep: '10gb' })] })
 */
export function diskSpace(directory: string, options: DiskSpaceOptions = {}): Check {
  rejectUnknownNames('diskSpace', options, ['keep', 'step'])
  const keep = readSize('diskSpace.keep', options.keep) ?? 1024 * MEGABYTE
  const step = readSize('diskSpace.step', options.step, 1) ?? 8 * MEGABYTE
  const disk = diskOf(directory)

  return async function diskSpace(head) {
    const framing = parseFraming(head)
    if (framing.kind === 'none') return undefined
    const declared = framing.kind === 'length' ? framing.bytes : undefined
    let held = declared ?? step
    if (!(await disk.reserve(directory, held, keep))) return noRoom()
    const release = () => disk.giveBack(held)
    if (declared !== undefined) return new Grant({ release })
    let over = false
    return new Grant({
      bytes: held,
      release() {
        over = true
        release()
      },
      async extend(received) {
        // What has come already counts, however small the steps are.
        const by = Math.max(step, received - held)
        if (!(await disk.reserve(directory, by, keep))) return noRoom()
        if (over) disk.giveBack(by)
        else held += by
        return held
      },
    })
  }
}

function noRoom(): Refusal {
  return new Refusal(507, { details: 'There is no room for the content at the moment.' })
}

/**
 * What is reserved on one file system. What was received is not taken off, as it need not be on the disk
 * yet and would count nowhere then; when it is, a check is not told. `toDisk()` of `@expectation/storage`
 * does the writing, and takes off what it has written.
 */
class Disk {
  #reserved = 0
  /** All that was ever reserved. */
  #total = 0

  /** @returns Whether there was room. */
  async reserve(directory: string, bytes: number, keep: number): Promise<boolean> {
    const before = { reserved: this.#reserved, total: this.#total }
    const { bavail, bsize }: StatsFs = await statfs(directory)
    // What was given back meanwhile may be written by now, and may not.
    const reserved = before.reserved + (this.#total - before.total)
    if (bavail * bsize - keep - reserved < bytes) return false
    this.#reserved += bytes
    this.#total += bytes
    return true
  }

  giveBack(bytes: number): void {
    this.#reserved -= bytes
  }
}

/** By the number of the device. A process sees few of them, and they are small. */
const disks = new Map<bigint, Disk>()

function diskOf(directory: string): Disk {
  const { dev } = statOf(directory)
  const disk = disks.get(dev) ?? new Disk()
  disks.set(dev, disk)
  return disk
}

function statOf(directory: string): BigIntStats {
  let stats: BigIntStats | undefined
  try {
    stats = statSync(directory, { bigint: true })
  } catch {
    // Said below.
  }
  if (stats?.isDirectory()) return stats
  throw new OptionError({
    option: 'diskSpace.directory',
    received: directory,
    remedy: 'Give a directory that exists and can be looked at.',
  })
}
