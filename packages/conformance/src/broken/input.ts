// The bytes of one connection as a sequence of awaited pieces, for the model server only.

import type net from 'node:net'

/** What came is no HTTP/1.1: the status to refuse it with. */
export class Malformed extends Error {
  constructor(readonly status: number) {
    super(`malformed: ${status}`)
  }
}

export class Input {
  #bytes: Buffer = Buffer.alloc(0)
  #ended = false
  #wake: () => void = () => undefined

  constructor(socket: net.Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#wake()
    })
    const end = (): void => {
      this.#ended = true
      this.#wake()
    }
    socket.on('end', end)
    socket.on('close', end)
  }

  get buffered(): number {
    return this.#bytes.length
  }

  get ended(): boolean {
    return this.#ended
  }

  /** What is there so far, without taking it. */
  peek(): string {
    return this.#bytes.toString('latin1')
  }

  async more(): Promise<boolean> {
    const before = this.#bytes.length
    while (this.#bytes.length === before && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#bytes.length > before
  }

  /** Bytes up to a mark, without it; undefined when the peer ended before. */
  async until(mark: string, most: number, each?: () => void): Promise<string | undefined> {
    for (;;) {
      const at = this.#bytes.indexOf(mark, 0, 'latin1')
      if (at > most || (at === -1 && this.#bytes.length > most)) throw new Malformed(431)
      if (at >= 0) return this.take(at + mark.length).toString('latin1', 0, at)
      each?.()
      if (!(await this.more())) return undefined
    }
  }

  async exactly(count: number): Promise<Buffer | undefined> {
    while (this.#bytes.length < count) if (!(await this.more())) return undefined
    return this.take(count)
  }

  take(count: number): Buffer {
    const taken = this.#bytes.subarray(0, count)
    this.#bytes = this.#bytes.subarray(count)
    return taken
  }
}
