// Room on a disk for what uploads under way still have to write: without it ten uploads that fit one by
// one are all let in, and all of them fail. Laws:
// - looking and reserving are one step; what ended while the disk was looked at still counts
// - what has been written is taken off the reservation when the disk knows of it, not before
// - nothing is written that has no reservation: content of unknown length reserves as it comes

import { type StatsFs, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'

/** What content of unknown length reserves at a time, as `diskSpace()` of `@expectation/admission` does. */
const STEP = 8 * 1024 * 1024

/** What is reserved on one file system by this process. */
export class Room {
  #reserved = 0
  /** All that was ever reserved. */
  #total = 0

  /**
   * @param bytes - All of the content; `undefined` when its length is not known.
   * @returns The reservation, or `undefined` when there is no room for it beside `keep`.
   */
  async reserve(
    directory: string,
    bytes: number | undefined,
    keep: number,
  ): Promise<Reservation | undefined> {
    const reservation = new Reservation({
      take: (more) => this.#take(directory, more, keep),
      giveBack: (rest) => {
        this.#reserved -= rest
      },
      step: bytes === undefined ? STEP : 0,
    })
    return (await reservation.grow(bytes ?? 0)) ? reservation : undefined
  }

  async #take(directory: string, bytes: number, keep: number): Promise<boolean> {
    const before = { reserved: this.#reserved, total: this.#total }
    const stats = await lookAt(directory)
    if (stats !== undefined) {
      // What was given back meanwhile may be written by now, and may not.
      const reserved = before.reserved + (this.#total - before.total)
      if (stats.bavail * stats.bsize - keep - reserved < bytes) return false
    }
    this.#reserved += bytes
    this.#total += bytes
    return true
  }
}

interface Source {
  /** Resolves with whether there was room. */
  readonly take: (bytes: number) => Promise<boolean>
  readonly giveBack: (bytes: number) => void
  /** Bytes that are taken at least, where there is room for them. */
  readonly step: number
}

/** Of one upload, which asks for one thing at a time. */
export class Reservation {
  readonly #source: Source
  #left = 0

  constructor(source: Source) {
    this.#source = source
  }

  /** @returns Whether so many bytes can be written now. */
  async covers(bytes: number): Promise<boolean> {
    return bytes <= this.#left || this.grow(bytes - this.#left)
  }

  /** @returns Whether there was room for so many bytes more. */
  async grow(bytes: number): Promise<boolean> {
    const { take, step } = this.#source
    // Where there is no room for a step, what is wanted may fit.
    for (const more of new Set([Math.max(bytes, step), bytes])) {
      if (!(await take(more))) continue
      this.#left += more
      return true
    }
    return false
  }

  /**
   * So many bytes more are on the disk. Whoever writes can tell; a check cannot, so `diskSpace()` of
   * `@expectation/admission` takes nothing off before an upload is over.
   */
  wrote(bytes: number): void {
    const taken = Math.min(this.#left, bytes)
    this.#left -= taken
    this.#source.giveBack(taken)
  }

  /** Gives back the rest. */
  release(): void {
    this.wrote(this.#left)
  }
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
