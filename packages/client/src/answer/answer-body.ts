// The content of an answer. It is read ahead up to 64 KiB, because a server that has closed leaves it in
// the kernel for a moment only, and because a connection is free for others once its answer was read.
import type { Readable } from 'node:stream'

const READ_AHEAD_BYTES = 65_536

export interface AnswerBodyEvents {
  /** Bytes came. */
  activity(): void
  /** Read to its end, cut, or given up: nothing more will come. */
  over(): void
}

type End = { readonly error?: unknown }

export class AnswerBody {
  readonly #pieces: Uint8Array[] = []
  #held = 0
  #end: End | undefined
  /** Somebody wants all of it, or will take it piece by piece. */
  #taken = false
  #dropping = false
  #wake: (() => void) | undefined

  constructor(
    private readonly stream: Readable,
    private readonly events: AnswerBodyEvents,
  ) {
    stream.on('data', (piece: Uint8Array) => this.#hold(piece))
    stream.on('end', () => this.#finish({}))
    stream.on('error', (error) => this.#finish({ error }))
    stream.on('close', () => {
      if (this.#end === undefined) this.#finish({ error: new Error('The answer was cut') })
    })
  }

  /** Has all of it come? */
  get ended(): boolean {
    return this.#end !== undefined && !('error' in this.#end)
  }

  /** All of it; rejects when it was cut. */
  async whole(): Promise<Buffer> {
    this.#taken = true
    this.stream.resume()
    while (this.#end === undefined) await this.#change()
    if ('error' in this.#end) throw this.#end.error
    const [only] = this.#pieces
    if (this.#pieces.length === 1 && only instanceof Buffer) return only
    return Buffer.concat(this.#pieces)
  }

  /** The next piece, `undefined` at the end. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const piece = this.#pieces.shift()
      if (piece !== undefined) {
        this.#held -= piece.byteLength
        return piece
      }
      if (this.#end !== undefined) {
        if ('error' in this.#end) throw this.#end.error
        return undefined
      }
      this.stream.resume()
      await this.#change()
    }
  }

  /** Nobody wants it: what is short is read, so that the connection can be used again. */
  discard(): void {
    this.#dropping = true
    if (this.#held > READ_AHEAD_BYTES)
      this.cancel(new Error('The answer is too long to be dropped'))
  }

  /** Gives it up; whoever reads gets the error. */
  cancel(error: unknown): void {
    this.#finish({ error })
    this.stream.destroy()
  }

  #hold(piece: Uint8Array): void {
    this.#pieces.push(piece)
    this.#held += piece.byteLength
    this.events.activity()
    if (this.#dropping) this.discard()
    else if (!this.#taken && this.#held > READ_AHEAD_BYTES) this.stream.pause()
    this.#woken()
  }

  #finish(end: End): void {
    if (this.#end !== undefined) return
    this.#end = end
    this.events.over()
    this.#woken()
  }

  /** Each change wakes those who wait for it, and nobody else. */
  #woken(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake
      this.#wake =
        before === undefined
          ? resolve
          : () => {
              before()
              resolve()
            }
    })
  }
}
