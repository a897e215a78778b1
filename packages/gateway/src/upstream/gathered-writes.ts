// Content on its way into a `http.ClientRequest`. The pieces that come in one turn of the event loop go out
// by one system call: each call wakes whoever reads, and costs more than copying what it carries. Laws:
// - the first bytes go at once, so a small request pays nothing
// - only an upstream that takes all it is given is given more at once; a slow one has one piece waiting

import type { ClientRequest } from 'node:http'

/** As much as Node reads at once. */
const PIECE_BYTES = 65_536
/** Twice as much gains nothing that can be seen. */
const MOST_BYTES = 8 * PIECE_BYTES

export class GatheredWrites {
  #firstBytes = 0
  /** What may be gathered: doubled when all of it was taken at once. */
  #most = PIECE_BYTES
  #gathered = 0
  #corked = false
  /** What Node said of the last piece. */
  #belowMark = true

  constructor(private readonly request: ClientRequest) {}

  /** @returns Whether more can be taken at once; if not, `drain` will come. */
  write(chunk: Uint8Array): boolean {
    if (this.#corked || this.#begin(chunk.byteLength)) {
      this.#gathered += chunk.byteLength
      this.#belowMark = this.request.write(chunk)
      return this.#gathered < this.#most || this.flush()
    }
    this.#belowMark = this.request.write(chunk)
    return this.#canTakeMore()
  }

  /** @returns As `write` does. */
  flush(): boolean {
    if (!this.#corked) return true
    this.#corked = false
    // In chunks, Node writes the size line and each piece by a call of its own when it uncorks.
    const { socket } = this.request
    socket?.cork()
    this.request.uncork()
    socket?.uncork()
    return this.#canTakeMore()
  }

  #begin(bytes: number): boolean {
    if (this.#firstBytes < PIECE_BYTES) {
      this.#firstBytes += bytes
      return false
    }
    if (bytes >= this.#most || this.request.writableLength > 0) return false
    this.#gathered = 0
    this.#corked = true
    this.request.cork()
    setImmediate(() => this.flush())
    return true
  }

  /**
   * Node says that no more should come as soon as one piece is larger than its mark, also when the kernel
   * has taken it within the call: to believe that would stop and start the client for every piece.
   */
  #canTakeMore(): boolean {
    const taken = this.request.writableLength === 0
    this.#most = taken ? Math.min(2 * this.#most, MOST_BYTES) : PIECE_BYTES
    return taken || this.#belowMark
  }
}
