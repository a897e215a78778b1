// Requests that wait on their connection before they are dispatched, in the order in which they came. Two
// things are waited for:
// - the rest of the segment. Node dispatches a request when its head is parsed; whether its content
//   stands right behind the head is known when the parser is through with what was read. An answer given
//   before would have to say close, and the content would count as unread.
// - an open exchange. Its response may say close, and then nothing behind it is dispatched (R27).
//
// Laws:
// - whoever is handed on comes behind all content before it: it may cut the connection
// - nobody waits longer, and nothing more is kept, than Node would keep by itself. Behind MOST_HELD requests, or
//   when one of them has content that is not here yet, all are dispatched, as Node does it: each in a turn of its
//   own, since Node runs the promises of a request with content before it reads on

import type { IncomingMessage } from 'node:http'
import { clearImmediate, setImmediate } from '../timers.js'

export interface HeldRequest {
  readonly request: IncomingMessage
  /** What stands behind its head has to be looked at first. */
  readonly waitsForSegment: boolean
  /** Hands it on to the server's listeners. */
  dispatch(): void
}

/** What has come behind them, and must not overtake them. */
export interface Behind {
  /** Told before the last one is handed on. */
  beforeLast?(): void
  /** Told when all have been handed on. */
  afterLast(): void
}

/** What stands before them on their connection. */
export interface Before {
  /** An exchange is open. */
  readonly isOpen: boolean
  /** Content that is here is being handed on, a piece in each immediate. */
  readonly handsOn: boolean
  /** Hands on the rest of it at once. */
  handOnAll(): void
  /** @param early - One was dispatched behind an exchange that was open still. */
  released(early: boolean): void
}

const MOST_HELD = 16

export class HeldRequests {
  /** Whoever is handed on is taken out: a client that always has some in flight would keep all of them. */
  #waiting: HeldRequest[] = []
  #early = false
  #turn: NodeJS.Immediate | undefined
  #flushing = false
  /** How many of the first are still to be handed on, whatever stands before them. */
  #toFlush = 0
  #behind: Behind | undefined

  constructor(private readonly before: Before) {}

  add(held: HeldRequest): void {
    this.#waiting.push(held)
    // Whatever is read until then is parsed by then.
    if (!this.#flushing) this.#turn ??= setImmediate(segmentParsed, this)
    if (this.#waiting.length > MOST_HELD) this.#tooMany(held)
  }

  /** All are parsed to their ends but the one that came last. */
  #tooMany(last: HeldRequest): void {
    while (this.#waiting.length > 1) this.#dispatchNext()
    if (!last.waitsForSegment) this.flush()
  }

  segmentParsed(): void {
    this.#turn = undefined
    const whole = this.#waiting.at(-1)?.request.complete === true
    if (this.before.isOpen && whole) return
    if (whole) this.flushWhileFree()
    else this.flush()
  }

  /** The exchange before them is over. */
  exchangeOver(): void {
    if (this.#turn === undefined) this.flushWhileFree()
  }

  /** Hands them on one after the other, as long as none opens an exchange that stays open. */
  flushWhileFree(): void {
    if (this.#flushing) return
    while (this.#waiting.length > 0 && !this.before.isOpen) {
      if (this.before.handsOn) {
        this.#turn ??= setImmediate(segmentParsed, this)
        return
      }
      this.#dispatchNext()
    }
    if (this.#waiting.length === 0) this.#release()
  }

  /**
   * Hands on all that wait now.
   *
   * @returns false when something else has come behind them before: it is first.
   */
  flush(behind?: Behind): boolean {
    if (this.#behind !== undefined) return false
    this.#behind = behind
    this.#toFlush = this.#waiting.length
    if (this.#flushing) return true
    this.#flushing = true
    clearImmediate(this.#turn)
    this.flushNext()
    return true
  }

  flushNext(): void {
    this.#turn = undefined
    if (!this.before.handsOn) this.#flushOne()
    if (this.#waiting.length === 0) this.#release()
    else if (this.#toFlush > 0) this.#turn = setImmediate(flushNext, this)
    else {
      this.#flushing = false
      this.segmentParsed()
    }
  }

  /** The one that came last. */
  get last(): IncomingMessage | undefined {
    return this.#waiting.at(-1)?.request
  }

  get size(): number {
    return this.#waiting.length
  }

  /** All that wait are being handed on, one a turn. */
  get flushing(): boolean {
    return this.#flushing && this.#waiting.length > 0
  }

  /** Nothing follows on the connection. Who is told of that has to be there by then. */
  closed(): void {
    while (this.flushing) this.#flushOne()
    this.#flushing = false
    this.before.handOnAll()
    this.flushWhileFree()
  }

  /** One that is handed on may close the connection: `dropAll` takes those behind it away. */
  #flushOne(): void {
    if (this.#waiting.length === 1) this.#behind?.beforeLast?.()
    this.#toFlush -= 1
    this.#dispatchNext()
  }

  /** @returns Those that will never be dispatched. */
  dropAll(): readonly IncomingMessage[] {
    const dropped = this.#waiting
    this.#waiting = []
    return dropped.map(({ request }) => request)
  }

  #dispatchNext(): void {
    const next = this.#waiting.shift()
    if (next === undefined) return
    this.before.handOnAll()
    this.#early ||= this.before.isOpen
    next.dispatch()
  }

  #release(): void {
    clearImmediate(this.#turn)
    this.before.released(this.#early)
    this.#behind?.afterLast()
  }
}

function flushNext(held: HeldRequests): void {
  held.flushNext()
}

function segmentParsed(held: HeldRequests): void {
  held.segmentParsed()
}
