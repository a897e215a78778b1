// What a check holds for a request that it lets pass: a slot, room for so many bytes, a lock.
// It is given back exactly once, however the upload ends, and whoever gives it back comes to no harm
// by what the giver throws. Known by a brand, so that two copies of the package know each other's.

import { isRefusal, type Refusal } from '../refusal/refusal.js'
import { OptionError } from '../validation/option-error.js'
import { rejectUnknownNames } from '../validation/unknown-names.js'
import { isThenable } from './thenable.js'

/** How the exchange ended that a {@link Grant} was held for. */
export interface GrantEnd {
  /**
   * - `refused`: a later check, a second gate or the deadline of the checks refused the request
   * - `gone`: the client left, or the connection was cut, before the answer was whole
   * - `answered`: the whole answer was handed to the network; a linger may still follow
   */
  readonly why: 'refused' | 'gone' | 'answered'
  /** Content bytes that the process received. */
  readonly receivedBytes: number
}

export interface GrantOptions {
  /**
   * Gives back what is held. Called once. What it throws, or rejects with, is reported as a warning
   * and changes nothing for the request.
   */
  readonly release: (end: GrantEnd) => void | Promise<void>
  /**
   * Content bytes granted so far. Only content of unknown length is held to it: a declared length
   * is known in the head. Default: any number.
   */
  readonly bytes?: number | undefined
  /**
   * Asked for more when content of unknown length comes near to `bytes`; the content waits
   * meanwhile, in the buffers of the network. It answers with the bytes that are granted
   * altogether, or with a {@link Refusal}; it may throw the refusal too. A refusal holds once the
   * granted bytes are used up. Default: nothing more is granted than `bytes`.
   */
  readonly extend?: ((receivedBytes: number) => GrantedBytes | Promise<GrantedBytes>) | undefined
}

/** Content bytes granted altogether, or why there are no more. */
export type GrantedBytes = number | Refusal

const BRAND = Symbol.for('@expectation/core/Grant')
const OPTION_NAMES = ['release', 'bytes', 'extend'] as const
const isOrdinaryInstance = Function.prototype[Symbol.hasInstance]

/**
 * Returned from a check that lets a request pass and holds something for it.
 *
 * @example
 * const oneSlot: Check = async (_head, { signal }) => {
 *   const lease = await pool.acquire(signal)
 *   return new Grant({ release: () => lease.release() })
 * }
 */
export class Grant {
  readonly #release: GrantOptions['release']
  readonly #extend: GrantOptions['extend']
  #bytes: number | undefined
  #released = false

  /** @throws {@link OptionError} when an option is unknown or of the wrong kind. */
  constructor(options: GrantOptions) {
    rejectUnknownNames('Grant', options, OPTION_NAMES)
    const { release, bytes, extend } = options
    if (typeof release !== 'function') {
      throw fault('release', release, 'Give a function that gives back what is held.')
    }
    if (bytes !== undefined && !isByteCount(bytes)) {
      throw fault('bytes', bytes, 'Give a whole number of bytes, 0 or more, or leave it out.')
    }
    if (extend !== undefined && typeof extend !== 'function') {
      throw fault('extend', extend, 'Give a function (receivedBytes), or leave it out.')
    }
    if (extend !== undefined && bytes === undefined) {
      throw fault('bytes', bytes, 'Say how many bytes are granted before extend is asked.')
    }
    this.#release = release
    this.#bytes = bytes
    this.#extend = extend
    Object.freeze(this)
  }

  get [BRAND](): true {
    return true
  }

  /** Content bytes granted so far, extensions included; `undefined`: any number. */
  get bytes(): number | undefined {
    return this.#bytes
  }

  /** Whether more than {@link Grant.bytes} can be asked for. */
  get extensible(): boolean {
    return this.#extend !== undefined
  }

  get released(): boolean {
    return this.#released
  }

  /**
   * Gives back what is held, the first time that it is called. Never throws.
   *
   * @param report - Told what the giver's `release` threw or rejected with.
   */
  release(end: GrantEnd, report: (error: unknown) => void = ignore): void {
    if (this.#released) return
    this.#released = true
    const release = this.#release
    try {
      const done: unknown = release(end)
      if (isThenable(done)) Promise.resolve(done).then(undefined, report)
    } catch (error) {
      report(error)
    }
  }

  /**
   * Asks for more content bytes. Never less than before is granted, and nothing is asked once the
   * grant is released.
   *
   * @param receivedBytes - Content bytes received so far.
   * @returns The bytes granted altogether, or the refusal of more; at once where the giver knows.
   * A promise of a giver that never answers stays open: bound the wait.
   * @throws What the giver throws that is no `Refusal`, and an {@link OptionError} for an answer
   * outside the contract; at once, or as a rejection.
   */
  extend(receivedBytes: number): GrantedBytes | Promise<GrantedBytes> {
    const extend = this.#extend
    if (extend === undefined || this.#released) return this.#bytes ?? Number.MAX_SAFE_INTEGER
    try {
      const answer: unknown = extend(receivedBytes)
      if (!isThenable(answer)) return this.#granted(answer)
      return Promise.resolve(answer).then((later) => this.#granted(later), refusalOrFault)
    } catch (error) {
      return refusalOrFault(error)
    }
  }

  #granted(answer: unknown): GrantedBytes {
    if (isRefusal(answer)) return answer
    if (!isByteCount(answer)) {
      throw fault('extend', answer, 'Answer with the bytes granted altogether, or a Refusal.')
    }
    this.#bytes = Math.max(this.#bytes ?? 0, answer)
    return this.#bytes
  }

  /** Lets `instanceof Grant` hold for grants of another copy of the package. */
  static [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass asks for itself, not for Grant.
    return this === Grant ? isGrant(value) : isOrdinaryInstance.call(this, value)
  }
}

/** Whether a value is a {@link Grant}, of this copy of the package or another. Never throws. */
export function isGrant(value: unknown): value is Grant {
  try {
    return typeof value === 'object' && value !== null && Reflect.get(value, BRAND) === true
  } catch {
    return false
  }
}

function ignore(): void {}

function refusalOrFault(thrown: unknown): Refusal {
  if (isRefusal(thrown)) return thrown
  throw thrown
}

function isByteCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function fault(option: string, received: unknown, remedy: string): OptionError {
  return new OptionError({ option: `Grant.${option}`, received, remedy })
}
