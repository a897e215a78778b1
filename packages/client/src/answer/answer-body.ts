// The content of an answer. It is read ahead up to 64 KiB, because a server that has closed leaves it in
// the kernel for a moment only, and because a connection is free for others once its answer was read.
// Content that did not come to the end that the protocol gives it is cut, however its stream ends.
import type { AnswerContent } from '../wire/wire.js'

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
    private readonly content: AnswerContent,
    private readonly events: AnswerBodyEvents,
  ) {
    const { stream } = content
    stream.on('data', (piece: Uint8Array) => this.#hold(piece))
    stream.on('end', () => {
      if (content.isWhole()) this.#finish({})
      else this.#cut()
    })
    stream.on('error', (error) => this.#cut(error))
    stream.on('close', () => this.#cut())
  }

  /** Has all of it come? */
  get ended(): boolean {
    return this.#end !== undefined && !('error' in this.#end)
  }

  /** Does it wait for its reader? */
  get paused(): boolean {
    return this.content.stream.isPaused()
  }

  /** All of it; rejects when it was cut. */
  async whole(): Promise<Buffer> {
    this.#taken = true
    this.content.stream.resume()
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
      this.content.stream.resume()
      await this.#change()
    }
  }

  /** Nobody wants it: what is short is read, so that the connection can be used again. */
  discard(): void {
    this.#dropping = true
    if (this.#held > READ_AHEAD_BYTES)
      this.cancel(new Error('The answer is too long to be dropped'))
    else this.content.stream.resume()
  }

  /** Gives it up; whoever reads gets the error. */
  cancel(error: unknown): void {
    this.#finish({ error })
    this.content.stream.destroy()
  }

  #hold(piece: Uint8Array): void {
    this.#pieces.push(piece)
    this.#held += piece.byteLength
    this.events.activity()
    if (this.#dropping) this.discard()
    else if (!this.#taken && this.#held > READ_AHEAD_BYTES) this.content.stream.pause()
    this.#woken()
  }

  #cut(cause?: Error): void {
    // Every answer comes to its `close`; an error is dear to make.
    if (this.#end !== undefined) return
    if (!this.content.isWhole()) {
      this.#finish({ error: cutError(cause) })
      return
    }
    // A reset of HTTP/2 behind the end of it is no cut: Node keeps what nobody had read by then.
    let piece: unknown = this.content.stream.read()
    for (; piece instanceof Uint8Array; piece = this.content.stream.read()) this.#hold(piece)
    this.#finish({})
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

/** What Node says of a cut answer of HTTP/1.1, whichever HTTP was spoken. */
function cutError(cause: NodeJS.ErrnoException | undefined): Error {
  if (cause?.code === 'ECONNRESET') return cause
  const options = cause === undefined ? undefined : { cause }
  return Object.assign(new Error('aborted', options), { code: 'ECONNRESET' })
}
