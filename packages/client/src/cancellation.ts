// A signal ends every wait of an upload: the attempt under way, the answers that are being read, the wait
// before the next attempt, and `authorize`. Its one listener goes when nothing is left to end. Attempts that
// others took the place of end with the upload.
import { EventEmitter, getMaxListeners, setMaxListeners } from 'node:events'
import type { Attempt } from './attempt.js'

/** Beyond it Node warns of a leak. */
const UPLOADS_OF_ONE_SIGNAL = 10_000

export class Cancellation {
  #attempt: Attempt | undefined
  /** Whose answers are still read, although another attempt has taken their place. */
  #dropped: Set<Attempt> | undefined
  #wake: (() => void) | undefined
  #whenOver: (() => void) | undefined
  #given = false
  readonly #onAbort = (): void => {
    this.#abort()
    this.#wake?.()
  }

  constructor(private readonly signal: AbortSignal | undefined) {
    if (signal === undefined) return
    // One signal for many uploads is no leak. Not 0: `getMaxListeners` of Node 20 throws then.
    if (getMaxListeners(signal) === EventEmitter.defaultMaxListeners) {
      setMaxListeners(UPLOADS_OF_ONE_SIGNAL, signal)
    }
    signal.addEventListener('abort', this.#onAbort)
  }

  check(): void {
    this.signal?.throwIfAborted()
  }

  watch(attempt: Attempt): void {
    if (this.#attempt !== undefined) {
      this.#dropped ??= new Set()
      this.#dropped.add(this.#attempt)
    }
    this.#attempt = attempt
  }

  /** The attempt needs nothing any more. When its answer was given, that is the end of the upload. */
  done(attempt: Attempt): void {
    this.#dropped?.delete(attempt)
    if (this.#attempt !== attempt) return
    this.#attempt = undefined
    if (this.#given) this.release()
  }

  /** The answer was given: only its content, and what is still sent, can be ended from now on. */
  give(whenOver: () => void): void {
    this.#given = true
    this.#whenOver = whenOver
    if (this.#attempt === undefined) this.release()
  }

  release(): void {
    this.signal?.removeEventListener('abort', this.#onAbort)
    this.#abort()
    this.#whenOver?.()
    this.#whenOver = undefined
  }

  #abort(): void {
    const reason: unknown = this.signal?.reason
    this.#attempt?.abort(reason)
    // One that is over leaves it.
    for (const each of this.#dropped ?? []) each.abort(reason)
  }

  async sleep(ms: number): Promise<void> {
    this.check()
    if (ms === 0) return
    await this.#wait(ms)
    this.check()
  }

  /** The value, unless the signal or the time comes first. */
  async within<Value>(value: Promise<Value>, ms: number): Promise<Value> {
    // A signal that was aborted before tells no more.
    if (this.signal?.aborted === true) value.catch(() => undefined)
    this.check()
    const late = this.#wait(ms).then(() => {
      this.check()
      throw new Error(`It did not settle within ${ms} ms`)
    })
    try {
      return await Promise.race([value, late])
    } finally {
      late.catch(() => undefined)
      this.#wake?.()
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        this.#wake = undefined
        resolve()
      }
      const timer = setTimeout(end, ms)
      this.#wake = end
    })
  }
}
