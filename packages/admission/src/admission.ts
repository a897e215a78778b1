// Asks for a slot and for room, from the head alone, and holds both until the upload is over.
// What is there at once is answered at once: no promise, timer or signal without a wait.

import type { Grant, RequestHead } from '@expectation/core'
import {
  type CheckContext,
  type Framing,
  isThenable,
  parseFraming,
  type Refusal,
} from '@expectation/core'
import { claimFor, mostOf } from './claim.js'
import type { House } from './house.js'
import { Line } from './line.js'
import { Meter } from './meter.js'
import { neverFits, noRoom, unavailable } from './refusals.js'
import { HoldTime } from './retry-after.js'
import { openPool, type Settings } from './settings.js'
import type { Claim, Pool, Shortage, StoreAnswer } from './store.js'
import { NOBODY, tenantName } from './tenant.js'
import { grantFor } from './upload.js'

export type Decided = Grant | Refusal | undefined

/** Most of a claim's wait is behind it when its turn comes. */
interface Applicant {
  readonly claim: () => Claim
  readonly unknownLength: boolean
  readonly context: CheckContext
}

export class Desk {
  readonly settings: Settings
  readonly pool: Pool
  readonly #meter: Meter
  readonly #holdTime = new HoldTime()
  /** Uploads that wait to begin. */
  readonly #line: Line
  readonly #house: House
  #uploads = 0
  #closed = false
  #emptied: (() => void) | undefined

  constructor(settings: Settings) {
    this.settings = settings
    this.#meter = new Meter(settings.store.name)
    const onFreed = () => {
      // Growing content first: what is under way has cost something already.
      this.#house.growing.advance()
      this.#line.advance()
    }
    const { limits, onStoreFailure } = settings
    this.pool = openPool(settings.store, { limits, onStoreFailure, meter: this.#meter, onFreed })
    this.#line = new Line(this.pool.silent)
    this.#house = {
      settings,
      pool: this.pool,
      meter: this.#meter,
      holdTime: this.#holdTime,
      // The headroom may be there for others then.
      growing: new Line(true, () => this.#line.advance()),
      left: () => this.#left(),
    }
    this.#meter.reads(
      () => this.pool.held,
      () => this.waiting,
    )
  }

  get waiting(): number {
    return this.#line.length
  }

  decide(head: RequestHead, context: CheckContext): Decided | Promise<Decided> {
    const framing = parseFraming(head)
    if (framing.kind === 'none') return undefined
    const { tenant } = this.settings
    if (tenant === undefined) return this.#admit(framing, NOBODY, context)
    const answer = tenant(head, context)
    // Query builders give thenables that are no promises, and ask when `then` is called.
    return isThenable(answer)
      ? Promise.resolve(answer).then((later) => this.#admit(framing, tenantName(later), context))
      : this.#admit(framing, tenantName(answer), context)
  }

  /** Takes no more, waits for what is under way, gives back the rest. */
  async close(drainMs: number): Promise<void> {
    this.#closed = true
    this.#line.dismiss()
    if (this.#uploads > 0) await this.#empty(drainMs)
    this.#house.growing.dismiss()
    await this.pool.close()
  }

  #empty(drainMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, drainMs)
      this.#emptied = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #left(): void {
    this.#uploads -= 1
    if (this.#uploads === 0) this.#emptied?.()
  }

  #admit(framing: Framing, tenant: string, context: CheckContext): Decided | Promise<Decided> {
    if (this.#closed) return this.#refused(unavailable(this.#holdTime.retryAfter()), 0)
    const most = mostOf(this.settings.limits, tenant)
    if (framing.kind === 'length' && framing.bytes > most) {
      return this.#refused(neverFits(most, framing.bytes), 0)
    }
    const id = this.pool.newId()
    // Not to content that waits for the limit of another tenant: it would not get the headroom.
    const yields = () => this.#house.growing.shortageBefore(tenant) !== undefined
    const applicant: Applicant = {
      claim: () => claimFor(id, framing, tenant, this.settings, yields()),
      unknownLength: framing.kind === 'unknown',
      context,
    }
    // Where nobody waits there is no line; where somebody does, nobody overtakes.
    const before = this.#line.shortageBefore(tenant)
    if (before !== undefined) return this.#wait(applicant, before)
    const answer = this.pool.acquire(applicant.claim())
    return typeof answer === 'string'
      ? this.#answered(answer, applicant)
      : answer.then((later) => this.#answered(later, applicant))
  }

  #answered(answer: StoreAnswer, applicant: Applicant): Decided | Promise<Decided> {
    if (answer === 'granted') return this.#granted(applicant, 0)
    return answer === 'unavailable'
      ? this.#refused(unavailable(this.#holdTime.retryAfter()), 0)
      : this.#wait(applicant, answer)
  }

  #wait(applicant: Applicant, shortage: Shortage): Decided | Promise<Decided> {
    const { waitMs, maxWaiting } = this.settings
    if (waitMs === 0 || this.#line.length >= maxWaiting || this.#closed) {
      return this.#refused(this.#noRoom(shortage), 0)
    }
    const since = performance.now()
    const { signal } = applicant.context
    const { id, tenant } = applicant.claim()
    return new Promise((resolve) => {
      this.#line.join({
        tenant,
        shortage,
        waitMs,
        signal,
        attempt: () => this.pool.acquire(applicant.claim()),
        giveBack: () => this.pool.release(id),
        settled: (answer) => {
          const waitedMs = performance.now() - since
          if (answer === 'granted') return resolve(this.#granted(applicant, waitedMs))
          const refusal =
            answer === 'unavailable'
              ? unavailable(this.#holdTime.retryAfter())
              : this.#noRoom(answer)
          if (!signal.aborted) return resolve(this.#refused(refusal, waitedMs))
          // Nobody is refused where nobody is there.
          this.#meter.tell({ kind: 'left', waitMs: waitedMs })
          resolve(refusal)
        },
      })
    })
  }

  #granted({ claim, unknownLength }: Applicant, waitMs: number): Grant {
    this.#uploads += 1
    const claimed = claim()
    this.#meter.tell({ kind: 'granted', claimedBytes: claimed.bytes, waitMs })
    return grantFor(this.#house, claimed, unknownLength)
  }

  #refused(refusal: Refusal, waitMs: number): Refusal {
    this.#meter.tell({ kind: 'refused', reason: refusal.reason, waitMs })
    return refusal
  }

  #noRoom(shortage: Shortage): Refusal {
    return noRoom(shortage, this.#holdTime.retryAfter(), this.settings)
  }
}
