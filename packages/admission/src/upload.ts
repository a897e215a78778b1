// One upload that was let in: what it holds, how it grows, and that it gives all of it back.

import { Grant, type GrantedBytes, type Refusal } from '@expectation/core'
import type { Line } from './line.js'
import type { Meter } from './meter.js'
import { neverFits, noRoom, unavailable } from './refusals.js'
import type { HoldTime } from './retry-after.js'
import type { Settings } from './settings.js'
import type { Claim, Pool, StoreAnswer } from './store.js'

/** What all uploads of one `admission()` share. */
export interface House {
  readonly settings: Settings
  readonly pool: Pool
  readonly meter: Meter
  readonly holdTime: HoldTime
  /** Uploads of unknown length that want to grow and find no room. */
  readonly growing: Line
  /** An upload is over. */
  readonly left: () => void
}

export class Upload {
  readonly #house: House
  readonly #claim: Claim
  readonly #since = performance.now()
  /** What is held. */
  #bytes: number
  /** How much of it was answered with. */
  #answered: number
  #asked: Promise<GrantedBytes> | undefined
  #over = false
  /** Leaves the line of those that want to grow. */
  #leaveLine: (() => void) | undefined

  constructor(house: House, claim: Claim) {
    this.#house = house
    this.#claim = claim
    this.#bytes = claim.bytes
    this.#answered = claim.bytes
  }

  /** @param unknownLength - Whether the content is held to what was claimed. */
  grant(unknownLength: boolean): Grant {
    const release = () => this.#release()
    const { counted, growth } = this.#house.settings.unknownLength
    if (!unknownLength || !counted) return new Grant({ release })
    if (growth === undefined) return new Grant({ release, bytes: this.#bytes })
    return new Grant({ release, bytes: this.#bytes, extend: (received) => this.#extend(received) })
  }

  #release(): void {
    const { pool, meter, holdTime, left } = this.#house
    const heldMs = performance.now() - this.#since
    holdTime.add(heldMs)
    this.#over = true
    // At the head of the line, what has ended would hold up everybody that is asked on its release.
    this.#leaveLine?.()
    pool.release(this.#claim.id)
    left()
    meter.tell({ kind: 'released', heldMs })
  }

  /** Asked again while it waits, it is the same question. */
  #extend(received: number): GrantedBytes | Promise<GrantedBytes> {
    if (this.#asked !== undefined) return this.#asked
    // Granted when its wait had ended.
    if (this.#bytes > this.#answered) return this.#answerAll()
    const { limits, unknownLength } = this.#house.settings
    const most = Math.min(limits.bytes, this.#claim.tenant === '' ? Infinity : limits.tenantBytes)
    const room = most - this.#bytes
    if (room <= 0) return this.#refused(neverFits(most), 0)
    const step = unknownLength.growth?.step ?? 0
    const by = Math.min(room, Math.max(step, received - this.#bytes))
    const attempt = () => this.#house.pool.extend(this.#claim.id, by)
    // Behind those that wait already.
    const answer = this.#house.growing.shortageBefore(this.#claim.tenant) ?? attempt()
    if (answer === 'granted') return this.#grown(by, 0)
    const later =
      typeof answer === 'string'
        ? this.#wait(answer, by, attempt)
        : answer.then((first) =>
            first === 'granted' ? this.#grown(by, 0) : this.#wait(first, by, attempt),
          )
    this.#asked = later.finally(() => {
      this.#asked = undefined
    })
    return this.#asked
  }

  /** Content under way is worth waiting for, a store that is away for a moment included. */
  #wait(
    first: StoreAnswer,
    by: number,
    attempt: () => StoreAnswer | Promise<StoreAnswer>,
  ): Promise<GrantedBytes> {
    const { settings, growing, holdTime } = this.#house
    const since = performance.now()
    let away = first === 'unavailable'
    const shortageIn = (answer: StoreAnswer) => {
      away = answer === 'unavailable'
      return answer === 'unavailable' ? 'bytes' : answer
    }
    return new Promise((resolve) => {
      this.#leaveLine = growing.join({
        tenant: this.#claim.tenant,
        shortage: first === 'tenant-bytes' || first === 'tenant-slots' ? first : 'bytes',
        waitMs: settings.unknownLength.growth?.waitMs ?? 0,
        attempt: () => {
          const answer = attempt()
          return typeof answer === 'string' ? shortageIn(answer) : answer.then(shortageIn)
        },
        // What grew keeps its claim, which is given back whole.
        giveBack: () => this.#grow(by, performance.now() - since),
        settled: (answer) => {
          const waitedMs = performance.now() - since
          if (answer === 'granted') return resolve(this.#grown(by, waitedMs))
          const seconds = holdTime.retryAfter()
          const refusal =
            away || answer === 'unavailable'
              ? unavailable(seconds)
              : noRoom(answer, seconds, settings)
          resolve(this.#refused(refusal, waitedMs))
        },
      })
    })
  }

  #grown(by: number, waitMs: number): number {
    this.#grow(by, waitMs)
    return this.#answerAll()
  }

  #grow(by: number, waitMs: number): void {
    this.#bytes += by
    if (!this.#over) this.#house.meter.tell({ kind: 'extended', claimedBytes: by, waitMs })
  }

  #answerAll(): number {
    this.#answered = this.#bytes
    return this.#bytes
  }

  /** Of an upload that is over nobody is told. */
  #refused(refusal: Refusal, waitMs: number): Refusal {
    const { reason } = refusal
    if (!this.#over) this.#house.meter.tell({ kind: 'refused', reason, waitMs })
    return refusal
  }
}
