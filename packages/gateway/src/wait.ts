// What a relay waits for, of which there is one thing at a time: a connection, a verdict, content, an
// answer. A timer costs as much as all else that a wait does, so one that runs is kept for the next wait
// and looks again when it was too early.

import { performance } from 'node:perf_hooks'

export class Wait {
  #late: (() => void) | undefined
  #ms = 0
  #deadline = 0
  #timer: NodeJS.Timeout | undefined
  /** When the timer looks. */
  #due = 0

  /** In place of what was waited for before. */
  begin(ms: number, late: () => void): void {
    this.#late = late
    this.#ms = ms
    this.moved()
    if (this.#timer !== undefined && this.#due <= this.#deadline) return
    clearTimeout(this.#timer)
    this.#arm(ms)
  }

  /** Something moved: the time begins anew. */
  moved(): void {
    this.#deadline = performance.now() + this.#ms
  }

  /** It came; something else may be waited for soon. */
  end(): void {
    this.#late = undefined
  }

  /** Nothing is waited for any more. */
  stop(): void {
    this.#late = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #arm(ms: number): void {
    this.#due = performance.now() + ms
    this.#timer = setTimeout(this.#look, ms)
  }

  readonly #look = (): void => {
    this.#timer = undefined
    // What has come while the process was kept from running is read first.
    if (this.#isLate()) setImmediate(this.#lookAgain)
  }

  readonly #lookAgain = (): void => {
    const late = this.#late
    if (late === undefined || this.#timer !== undefined || !this.#isLate()) return
    this.#late = undefined
    late()
  }

  /** @returns Whether the time is up; until it is, the timer looks again. */
  #isLate(): boolean {
    if (this.#late === undefined) return false
    const left = this.#deadline - performance.now()
    if (left > 0) this.#arm(Math.ceil(left))
    return left <= 0
  }
}
