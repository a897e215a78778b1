// One wait at a time, which is put off again and again. Making a timer costs more than letting one that is due
// earlier look again.

export class Deadline {
  #timer: NodeJS.Timeout | undefined
  /** When the timer looks, and when it is late, by `performance.now()`. */
  #due = 0
  #deadline = 0

  constructor(private readonly late: () => void) {}

  /** From now on, in place of what was waited for before. */
  wait(ms: number): void {
    this.#deadline = performance.now() + ms
    if (this.#timer !== undefined && this.#due <= this.#deadline) return
    clearTimeout(this.#timer)
    this.#arm(ms)
  }

  end(): void {
    clearTimeout(this.#timer)
  }

  #arm(ms: number): void {
    this.#due = performance.now() + ms
    this.#timer = setTimeout(() => this.#look(), ms)
  }

  #look(): void {
    const left = this.#deadline - performance.now()
    this.#timer = undefined
    if (left > 0) this.#arm(Math.ceil(left))
    else this.late()
  }
}
