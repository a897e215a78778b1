// Room on a disk for what uploads under way still have to write: without it ten uploads that fit one by
// one are all let in, and all of them fail. Laws:
// - looking and reserving are one step; what ended while the disk was looked at still counts
// - what has been written is taken off the reservation when the disk knows of it, not before

import { type StatsFs, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'

/** What is reserved on one file system by this process. */
export class Room {
  #reserved = 0
  /** All that was ever reserved. */
  #total = 0

  /** @returns The reservation, or `undefined` when there is no room for it beside `keep`. */
  async reserve(directory: string, bytes: number, keep: number): Promise<Reservation | undefined> {
    const before = { reserved: this.#reserved, total: this.#total }
    const stats = await lookAt(directory)
    if (stats !== undefined) {
      // What was given back meanwhile may be written by now, and may not.
      const reserved = before.reserved + (this.#total - before.total)
      if (stats.bavail * stats.bsize - keep - reserved < bytes) return undefined
    }
    this.#reserved += bytes
    this.#total += bytes
    let left = bytes
    return {
      wrote: (written) => {
        const taken = Math.min(left, written)
        left -= taken
        this.#reserved -= taken
      },
      release: () => {
        this.#reserved -= left
        left = 0
      },
    }
  }
}

export interface Reservation {
  /**
   * So many bytes more are on the disk. Whoever writes can tell; a check cannot, so `diskSpace()` of
   * `@expectation/admission` takes nothing off before an upload is over.
   */
  wrote(bytes: number): void
  /** Gives back the rest. */
  release(): void
}

// A file system that cannot be asked has room until it says that it has none.
async function lookAt(directory: string): Promise<StatsFs | undefined> {
  try {
    return await statfs(directory)
  } catch {
    return undefined
  }
}

/** By the number of the device. A process sees few of them, and they are small. */
const rooms = new Map<bigint, Room>()

/** @throws What `stat` throws. */
export function roomOf(directory: string): Room {
  const { dev } = statSync(directory, { bigint: true })
  const room = rooms.get(dev) ?? new Room()
  rooms.set(dev, room)
  return room
}
