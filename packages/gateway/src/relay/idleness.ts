// How long nothing may move in either direction while content or an answer flows.

export class Idleness {
  #timer: NodeJS.Timeout | undefined

  constructor(
    private readonly ms: number,
    private readonly late: () => void,
  ) {}

  watch(): void {
    this.stop()
    this.#timer = setTimeout(this.late, this.ms)
  }

  /** Something moved. */
  moved(): void {
    this.#timer?.refresh()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
