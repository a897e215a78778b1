// One wait at a time, which is put off again and again. Making a timer costs more than letting one that is due
// earlier look again. A process that was busy for longer hears of its timers before it reads what has arrived
// meanwhile: what is late then is looked at once more behind that.

export class Deadline {
  #timer: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined
  /** When the timer looks, and when it is late, by `performance.now()`. */
  #due = 0
  #deadline = 0

  constructor(private readonly late: () => void) {}

  /** From now on, in place of what was waited for before. */
  wait(ms: number): void {
    this.#deadline = performance.now() + ms
    if (this.#timer !== undefined && this.#due <= this.#deadline) return
    this.end()
    this.#arm(ms)
  }

  end(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
  }

  #arm(ms: number): void {
    this.#due = performance.now() + ms
    this.#timer = setTimeout(() => this.#look(), ms)
  }

  #look(): void {
    this.#timer = undefined
    if (this.#isLate()) this.#immediate = setImmediate(() => this.#lookAgain())
  }

  #lookAgain(): void {
    if (this.#timer === undefined && this.#isLate()) this.late()
  }

  /** Armed again where it is not. */
  #isLate(): boolean {
    const left = this.#deadline - performance.now()
    if (left > 0) this.#arm(Math.ceil(left))
    return left <= 0
  }
}
