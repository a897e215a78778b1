// How one upload of unknown length grows. Laws:
// - one question for more at a time; what was refused after a wait is asked for once more when it is needed,
//   and not waited for again
// - what is over waits for nothing
// - a refusal is told where it is the upload's end: content may keep within what was granted

import type { AdmissionChange, GrantEnd, GrantedBytes, Refusal } from '@expectation/core'
import { mostOf } from './claim.js'
import type { House } from './house.js'
import { neverFits, noRoom, unavailable } from './refusals.js'
import type { Claim, StoreAnswer } from './store.js'

type State =
  /** Nothing is asked. */
  | { readonly kind: 'idle' }
  /** The store is asked for more. */
  | { readonly kind: 'asking'; readonly answer: Promise<GrantedBytes> }
  /** In the line of those that want to grow. */
  | { readonly kind: 'waiting'; readonly answer: Promise<GrantedBytes>; readonly leave: () => void }
  /** More than `granted` was refused; `untold` while it is not the upload's end. */
  | { readonly kind: 'refused'; readonly granted: number; readonly untold: Refused | undefined }
  | { readonly kind: 'over' }

type Refused = Extract<AdmissionChange, { readonly kind: 'refused' }>

interface Question {
  readonly received: number
  /** What was held when it was asked. */
  readonly granted: number
  readonly by: number
  /** How long it was waited for so far. */
  readonly waitMs: number
  readonly mayWait: boolean
}

type Answer = GrantedBytes | Promise<GrantedBytes>

export class Growth {
  readonly #house: House
  readonly #claim: Claim
  #held: number
  #state: State = { kind: 'idle' }

  constructor(house: House, claim: Claim) {
    this.#house = house
    this.#claim = claim
    this.#held = claim.bytes
  }

  /** More, of content of which so much was received. */
  extend(received: number): Answer {
    const state = this.#state
    switch (state.kind) {
      case 'asking':
      case 'waiting':
        return state.answer
      case 'idle':
        return this.#ask(received, 0, true)
      case 'refused':
        // Granted when its wait had ended.
        if (this.#held > state.granted) return this.#allGranted()
        return this.#ask(received, state.untold?.waitMs ?? 0, false)
      case 'over':
        return this.#held
    }
  }

  /** The upload is over. */
  end({ why, receivedBytes }: GrantEnd): void {
    const state = this.#state
    // Content that went past what was granted while it waited is not asked for once more.
    const isRefused = state.kind === 'refused' && why !== 'gone' && receivedBytes > this.#held
    if (isRefused && state.untold !== undefined) this.#tell(state.untold)
    this.#enter({ kind: 'over' })
    // At the head of the line, what has ended would hold up everybody that is asked on its release.
    if (state.kind === 'waiting') state.leave()
  }

  #ask(received: number, waitMs: number, mayWait: boolean): Answer {
    const { settings, growing } = this.#house
    const { tenant } = this.#claim
    const granted = this.#held
    const most = mostOf(settings.limits, tenant)
    const step = settings.unknownLength.growth?.step ?? 0
    const by = Math.min(most - granted, Math.max(step, received - granted))
    const question: Question = { received, granted, by, waitMs, mayWait }
    if (by <= 0) return this.#refused(question, neverFits(most))
    // Behind those that wait already.
    const answer = growing.shortageBefore(tenant) ?? this.#attempt(question)
    if (typeof answer === 'string') return this.#answered(question, answer)
    const later = answer.then((first) => this.#answered(question, first))
    this.#enter({ kind: 'asking', answer: later })
    return later
  }

  #attempt({ by }: Question): StoreAnswer | Promise<StoreAnswer> {
    return this.#house.pool.extend(this.#claim.id, by)
  }

  #answered(question: Question, answer: StoreAnswer): Answer {
    if (answer === 'granted') this.#grow(question)
    if (answer === 'granted' || this.#held > question.granted) return this.#allGranted()
    if (question.mayWait && this.#state.kind !== 'over') return this.#wait(question, answer)
    const { holdTime, settings } = this.#house
    const seconds = holdTime.retryAfter()
    const isAway = answer === 'unavailable'
    const refusal = isAway ? unavailable(seconds) : noRoom(answer, seconds, settings)
    return this.#refused(question, refusal)
  }

  /** Content under way is worth waiting for, a store that is away for a moment included. */
  #wait(question: Question, first: Exclude<StoreAnswer, 'granted'>): Promise<GrantedBytes> {
    const { settings, growing } = this.#house
    const since = performance.now()
    const waited = () => ({ ...question, waitMs: performance.now() - since, mayWait: false })
    let last: StoreAnswer = first
    const shortageIn = (answer: StoreAnswer) => {
      last = answer
      return answer === 'unavailable' ? 'bytes' : answer
    }
    let settle: (answer: Answer) => void = () => {}
    const answer = new Promise<GrantedBytes>((resolve) => {
      settle = resolve
    })
    const leave = growing.join({
      tenant: this.#claim.tenant,
      shortage: first === 'unavailable' ? 'bytes' : first,
      waitMs: settings.unknownLength.growth?.waitMs ?? 0,
      attempt: () => {
        const asked = this.#attempt(question)
        return typeof asked === 'string' ? shortageIn(asked) : asked.then(shortageIn)
      },
      // What grew keeps its claim, which is given back whole.
      giveBack: () => this.#grow(waited()),
      settled: (end) => {
        const isAway = end !== 'granted' && last === 'unavailable'
        settle(this.#answered(waited(), isAway ? 'unavailable' : end))
      },
    })
    this.#enter({ kind: 'waiting', answer, leave })
    return answer
  }

  #grow({ granted, by, waitMs }: Question): void {
    // What is answered late may have been asked for again: by its total it counts once.
    const more = granted + by - this.#held
    if (more <= 0) return
    this.#held += more
    this.#tell({ kind: 'extended', claimedBytes: more, waitMs })
  }

  #allGranted(): number {
    this.#enter({ kind: 'idle' })
    return this.#held
  }

  #refused({ received, waitMs }: Question, refusal: Refusal): Refusal {
    const refused: Refused = { kind: 'refused', reason: refusal.reason, waitMs }
    const isEnd = received > this.#held
    if (isEnd) this.#tell(refused)
    this.#enter({ kind: 'refused', granted: this.#held, untold: isEnd ? undefined : refused })
    return refusal
  }

  /** What is over stays over. */
  #enter(next: State): void {
    if (this.#state.kind !== 'over') this.#state = next
  }

  /** Of an upload that is over nobody is told. */
  #tell(change: AdmissionChange): void {
    if (this.#state.kind !== 'over') this.#house.meter.tell(change)
  }
}
