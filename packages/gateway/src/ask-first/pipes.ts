// The pipes of one request. A library may pipe it into two upstreams at once (http-proxy's `forward`);
// whichever began later would miss what the other has had, so all begin together.

export class Pipes {
  #undecided = 0
  #ready: (() => void)[] = []

  /** One more upstream will be piped into, or not. */
  join(): void {
    this.#undecided += 1
  }

  /** @param send - Begins its pipe; absent when it has refused, or failed. */
  decided(send?: () => void): void {
    this.#undecided -= 1
    if (send !== undefined) this.#ready.push(send)
    if (this.#undecided > 0) return
    for (const begin of this.#ready.splice(0)) begin()
  }
}
