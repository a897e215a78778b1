// Asks for a slot and for room, from the head alone, and holds both until the upload is over.
// What is there at once is answered at once: no promise, timer or signal without a wait.

import type { AdmissionChange, Grant, RequestHead } from '@expectation/core'
import {
  type CheckContext,
  type Framing,
  isRefusal,
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
  /** Something had to be waited for: by now its client may have left, or its time may be up. */
  readonly isLate: boolean
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
    this.#line = new Line(() => this.pool.silent)
    // The headroom may be there for others then.
    const growing = new Line(
      () => true,
      () => this.#line.advance(),
    )
    const { limits, onStoreFailure } = settings
    const lines = { growing, beginning: this.#line }
    this.pool = openPool(settings.store, { limits, onStoreFailure, meter: this.#meter, lines })
    this.#house = {
      settings,
      pool: this.pool,
      meter: this.#meter,
      holdTime: this.#holdTime,
      growing,
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
    if (tenant === undefined) return this.#admit(framing, NOBODY, context, false)
    const answer = tenant(head, context)
    // Query builders give thenables that are no promises, and ask when `then` is called.
    return isThenable(answer)
      ? Promise.resolve(answer).then((one) => this.#admit(framing, tenantName(one), context, true))
      : this.#admit(framing, tenantName(answer), context, false)
  }

  /** Takes no more, waits for what is under way, gives back the rest. */
  async close(drainMs: number): Promise<void> {
    this.#closed = true
    this.#line.dismiss()
    if (this.#uploads > 0) await this.#empty(drainMs)
    this.#house.growing.dismiss()
    await this.pool.close()
    // What is still under way tells no more than its end, which may be hours away.
    this.#meter.tell({ kind: 'closed' })
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

  #admit(
    framing: Framing,
    tenant: string,
    context: CheckContext,
    isLate: boolean,
  ): Decided | Promise<Decided> {
    const id = this.pool.newId()
    // Not to content that waits for the limit of another tenant: it would not get the headroom.
    const yields = () => this.#house.growing.shortageBefore(tenant) !== undefined
    const applicant: Applicant = {
      claim: () => claimFor(id, framing, tenant, this.settings, yields()),
      unknownLength: framing.kind === 'unknown',
      context,
      isLate,
    }
    if (this.#closed) return this.#refused(this.#unavailable(), applicant)
    const most = mostOf(this.settings.limits, tenant)
    if (framing.kind === 'length' && framing.bytes > most) {
      return this.#refused(neverFits(most, framing.bytes), applicant)
    }
    // Where nobody waits there is no line; where somebody does, nobody overtakes.
    const before = this.#line.shortageBefore(tenant)
    if (before !== undefined) return this.#wait(applicant, before)
    const answer = this.pool.acquire(applicant.claim())
    return typeof answer === 'string'
      ? this.#answered(answer, applicant)
      : answer.then((later) => this.#answered(later, { ...applicant, isLate: true }))
  }

  #answered(answer: StoreAnswer, applicant: Applicant): Decided | Promise<Decided> {
    if (answer === 'granted') return this.#granted(applicant, 0)
    return answer === 'unavailable'
      ? this.#refused(this.#unavailable(), applicant)
      : this.#wait(applicant, answer)
  }

  #wait(applicant: Applicant, shortage: Shortage): Decided | Promise<Decided> {
    const { waitMs, maxWaiting } = this.settings
    if (waitMs === 0 || this.#line.length >= maxWaiting || this.#closed) {
      return this.#refused(this.#noRoom(shortage), applicant)
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
          const isAway = answer === 'unavailable'
          const refusal = isAway ? this.#unavailable() : this.#noRoom(answer)
          resolve(this.#refused(refusal, { ...applicant, isLate: true }, waitedMs))
        },
      })
      if (!signal.aborted) this.#meter.tell({ kind: 'waiting' })
    })
  }

  #granted({ claim, unknownLength }: Applicant, waitMs: number): Grant {
    this.#uploads += 1
    const claimed = claim()
    this.#meter.tell({ kind: 'granted', claimedBytes: claimed.bytes, waitMs })
    return grantFor(this.#house, claimed, unknownLength)
  }

  #refused(refusal: Refusal, { isLate, context }: Applicant, waitMs = 0): Refusal {
    this.#meter.tell(endOf(refusal, waitMs, isLate ? context.signal : undefined))
    return refusal
  }

  #unavailable(): Refusal {
    return unavailable(this.#holdTime.retryAfter())
  }

  #noRoom(shortage: Shortage): Refusal {
    return noRoom(shortage, this.#holdTime.retryAfter(), this.settings)
  }
}

/** Whose time is up is given the gate's own refusal; nobody is refused where nobody is there. */
function endOf(refusal: Refusal, waitMs: number, signal?: AbortSignal): AdmissionChange {
  const end: unknown = signal?.aborted ? signal.reason : refusal
  return isRefusal(end) ? { kind: 'refused', reason: end.reason, waitMs } : { kind: 'left', waitMs }
}
