// How many of the running requests may be on their second or later upstream. When every upstream says
// no, trying the next one multiplies the load of all; a share keeps that within bounds.

/** So many always may, unless none may: a share of few requests is none. */
const ALWAYS = 3

export class RetryBudget {
  #running = 0
  #retrying = 0

  constructor(private readonly share: number) {}

  get hasRoom(): boolean {
    return this.share > 0 && this.#retrying < Math.max(ALWAYS, this.#running * this.share)
  }

  begin(): void {
    this.#running += 1
  }

  end(): void {
    this.#running -= 1
  }

  beginRetrying(): void {
    this.#retrying += 1
  }

  endRetrying(): void {
    this.#retrying -= 1
  }
}
