// Requests that wait on their connection before they are dispatched, in the order in which they came. Two
// things are waited for:
// - the rest of the segment. Node dispatches a request when its head is parsed; whether its content
//   stands right behind the head is known when the parser is through with what was read. An answer given
//   before would have to say close, and the content would count as unread.
// - an open exchange. Its response may say close, and then nothing behind it is dispatched (R27).
//
// Law: nobody waits longer, and nothing more is kept, than Node would keep by itself. From MOST_HELD
// requests on, or when one of them has content that is not here yet, all are dispatched, as Node does it.

import type { IncomingMessage } from 'node:http'
import { clearImmediate, setImmediate } from '../timers.js'

export interface HeldRequest {
  readonly request: IncomingMessage
  /** What stands behind its head has to be looked at first. */
  readonly waitsForSegment: boolean
  /** Hands it on to the server's listeners. */
  dispatch(): void
}

const MOST_HELD = 16

export class HeldRequests {
  /** Whoever is handed on is taken out: a client that always has some in flight would keep all of them. */
  #waiting: HeldRequest[] = []
  #early = false
  #turn: NodeJS.Immediate | undefined

  constructor(
    /** An exchange is open before them. */
    private readonly isBehind: () => boolean,
    /** Told whether one was dispatched behind an exchange that was open still. */
    private readonly onReleased: (early: boolean) => void,
  ) {}

  add(held: HeldRequest): void {
    this.#waiting.push(held)
    // Whatever is read until then is parsed by then.
    this.#turn ??= setImmediate(segmentParsed, this)
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
    if (this.isBehind() && whole) return
    if (whole) this.flushWhileFree()
    else this.flush()
  }

  /** The exchange before them is over. */
  exchangeOver(): void {
    if (this.#turn === undefined) this.flushWhileFree()
  }

  /** Hands them on one after the other, as long as none opens an exchange that stays open. */
  flushWhileFree(): void {
    while (this.#waiting.length > 0 && !this.isBehind()) this.#dispatchNext()
    if (this.#waiting.length === 0) this.#release()
  }

  /** @param beforeLast - Told before the last one is handed on. */
  flush(beforeLast?: () => void): void {
    // One of them may close the connection: `dropAll` takes those behind it away.
    while (this.#waiting.length > 0) {
      if (this.#waiting.length === 1) beforeLast?.()
      this.#dispatchNext()
    }
    this.#release()
  }

  /** @returns Those that will never be dispatched. */
  dropAll(): readonly IncomingMessage[] {
    const dropped = this.#waiting
    this.#waiting = []
    return dropped.map(({ request }) => request)
  }

  #dispatchNext(): void {
    this.#early ||= this.isBehind()
    this.#waiting.shift()?.dispatch()
  }

  #release(): void {
    clearImmediate(this.#turn)
    this.onReleased(this.#early)
  }
}

function segmentParsed(held: HeldRequests): void {
  held.segmentParsed()
}
