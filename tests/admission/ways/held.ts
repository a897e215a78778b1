// A check that holds something for each upload, and what becomes of it.

import { type Check, Grant, type GrantEnd, type GrantOptions } from '@expectation/core'
import { until } from '../support/until.js'

export class Held {
  /** Grants made so far. */
  made = 0
  readonly released: GrantEnd[] = []

  /** A check that grants at once. */
  check(options: Omit<GrantOptions, 'release'> = {}): Check {
    return () => this.grant(options)
  }

  /** A check that grants when it is let. */
  later(opened: Promise<void>): Check {
    return async () => {
      await opened
      return this.grant()
    }
  }

  grant(options: Omit<GrantOptions, 'release'> = {}): Grant {
    this.made += 1
    return new Grant({ ...options, release: (end) => void this.released.push(end) })
  }

  /** Each grant was given back, and once, with this end. */
  async givenBack(why: GrantEnd['why'], count = 1): Promise<void> {
    await this.givenBackSomehow(count)
    expect(this.released.map((end) => end.why)).toEqual(Array.from({ length: count }, () => why))
  }

  /** Each grant was given back, and once. */
  async givenBackSomehow(count = 1): Promise<void> {
    await until(`${count} are given back`, () => this.released.length >= count)
    // Whatever still happens to the connection gives nothing back again.
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([this.made, this.released.length]).toEqual([count, count])
  }
}
