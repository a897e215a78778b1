// What checks hold for one exchange, and give back when it is over. Law: each grant is released exactly
// once, whichever way the exchange ends.

import type { Grant, GrantEnd } from '../../policy/grant.js'
import type { Refusal } from '../../refusal/refusal.js'
import { warnOfFault } from '../observe/user-code.js'
import { setImmediate } from '../timers.js'
import { Credit, type Credited } from './credit.js'

/** What holds grants, and how far it has come. */
export interface Holder extends Credited {
  /** The answer is whole. */
  readonly whole: boolean
  readonly left: boolean
  readonly settled: boolean
}

export class Holdings {
  readonly #grants: Grant[] = []
  #credit: Credit | undefined

  constructor(
    private readonly exchange: Holder,
    private readonly onRefused: (refusal: Refusal) => void,
  ) {}

  /** Content of unknown length that has to be granted; a declared length is known in the head. */
  get credit(): Credit | undefined {
    return this.#credit
  }

  /** Where the exchange has ended already, nothing is held. */
  add(grants: readonly Grant[]): void {
    const end = this.#end()
    this.#grants.push(...grants)
    if (end !== undefined) this.release(end)
    const credited = grants.filter(({ bytes }) => bytes !== undefined)
    if (end !== undefined || credited.length === 0 || this.exchange.framing.kind !== 'unknown') {
      return
    }
    this.#credit ??= new Credit(this.exchange, this.onRefused)
    this.#credit.add(credited)
  }

  #end(): GrantEnd | undefined {
    const { receivedBytes, whole, left, settled } = this.exchange
    if (whole) return { why: 'answered', receivedBytes }
    return left || settled ? { why: 'gone', receivedBytes } : undefined
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
