// What checks hold for one exchange, and give back when it is over. Law: each grant is released exactly
// once, whichever way the exchange ends.

import type { Grant, GrantEnd } from '../../policy/grant.js'
import type { Refusal } from '../../refusal/refusal.js'
import { warnOfFault } from '../observe/user-code.js'
import { setImmediate } from '../timers.js'
import { Credit, type Credited } from './credit.js'

export class Holdings {
  readonly #grants: Grant[] = []
  #credit: Credit | undefined

  constructor(
    private readonly exchange: Credited,
    private readonly onRefused: (refusal: Refusal) => void,
  ) {}

  /** Content of unknown length that has to be granted; a declared length is known in the head. */
  get credit(): Credit | undefined {
    return this.#credit
  }

  /** @param end - How the exchange has ended, if it has: then nothing is held. */
  add(grants: readonly Grant[], end: GrantEnd | undefined): void {
    this.#grants.push(...grants)
    if (end !== undefined) this.release(end)
    const credited = grants.filter(({ bytes }) => bytes !== undefined)
    if (end !== undefined || credited.length === 0 || this.exchange.framing.kind !== 'unknown') {
      return
    }
    this.#credit ??= new Credit(this.exchange, this.onRefused)
    this.#credit.add(credited)
  }

  /**
   * When those who read have learned that the client has left: what they use is not given to somebody
   * else while they still use it.
   */
  releaseLater(end: GrantEnd): void {
    if (this.#grants.length > 0) setImmediate(() => this.release(end))
  }

  release(end: GrantEnd): void {
    releaseAll(this.#grants.splice(0), end)
  }
}

export function releaseAll(grants: readonly Grant[], end: GrantEnd): void {
  for (const grant of grants) grant.release(end, reportRelease)
}

export function reportRelease(error: unknown): void {
  warnOfFault('Giving back a grant', error)
}
