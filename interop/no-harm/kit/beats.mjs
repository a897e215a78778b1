// Time as a server has it: a beat is an answer of its event loop, and lasts BEAT_MS at least. On a busy
// machine a server is slow to answer, and slow to beat, so whoever waits for beats waits longer there.

export const BEAT_MS = 100

export class Beats {
  /** How many there were. */
  count = 0
  #waiting = new Set()
  #timer
  #asking = false

  /** @param ask - resolves when the server has answered; `undefined` when it has ended. */
  constructor(ask) {
    this.#timer = setInterval(async () => {
      if (this.#asking) return
      this.#asking = true
      if ((await ask()) !== undefined) this.#beat()
      this.#asking = false
    }, BEAT_MS)
  }

  #beat() {
    this.count += 1
    for (const waiting of [...this.#waiting]) {
      if (waiting.due > this.count || !this.#waiting.delete(waiting)) continue
      waiting.action()
    }
  }

  /**
   * Calls `action` when the server has answered so often. The first answer may be to a question from
   * before, so it is not counted.
   *
   * @returns How to call it off.
   */
  after(beats, action) {
    const waiting = { due: this.count + beats + 1, action }
    this.#waiting.add(waiting)
    return () => this.#waiting.delete(waiting)
  }

  /** The server has ended: nothing is waited for any more. */
  stop() {
    clearInterval(this.#timer)
    for (const { action } of this.#waiting) action()
    this.#waiting.clear()
  }
}
