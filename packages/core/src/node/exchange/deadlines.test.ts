// What waits on a server: who is on the list, in which order, and whose time is up.

import { performance } from 'node:perf_hooks'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Deadlines, Wait } from './deadlines.js'

/** One whose time is never up by itself. */
class Patient extends Wait {
  hurried = 0
  override deadline = Number.POSITIVE_INFINITY
  override expire(): void {}
  override hurry(): void {
    this.hurried += 1
  }
}

/** One that goes when its time is up, and tells. */
class Leaving extends Wait {
  #tell: () => void = () => undefined
  readonly expired = new Promise<void>((resolve) => {
    this.#tell = resolve
  })
  hasExpired = false

  constructor(override deadline: number) {
    super()
  }

  override expire(): void {
    this.hasExpired = true
    this.leave()
    this.#tell()
  }

  override hurry(): void {
    this.deadline = performance.now()
  }
}

const HOUR_MS = 3_600_000

describe('the waits of a server', () => {
  it('are those that were added and have not gone, oldest first, in whatever order they go', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 50 }), (choices) => {
        const waits = new Deadlines()
        const there: Patient[] = []
        const gone: Patient[] = []
        for (const choice of choices) {
          const leaving = choice % 4 === 0 ? undefined : there[choice % there.length]
          if (leaving === undefined) {
            const added = new Patient()
            waits.add(added)
            there.push(added)
          } else {
            leaving.leave()
            there.splice(there.indexOf(leaving), 1)
            gone.push(leaving)
          }
          expect([waits.size, waits.oldest]).toEqual([there.length, there[0]])
        }
        waits.hurryAll()
        expect(there.every(({ hurried }) => hurried === 1)).toBe(true)
        expect(gone.every(({ hurried, next }) => hurried === 0 && next === undefined)).toBe(true)
      }),
    )
  })

  it('lose nobody when one goes twice, was never there, or is on another list', () => {
    const [waits, others] = [new Deadlines(), new Deadlines()]
    const [stays, goes, elsewhere] = [new Patient(), new Patient(), new Patient()]
    for (const each of [goes, stays]) waits.add(each)
    others.add(elsewhere)
    for (const each of [goes, goes, new Patient()]) each.leave()
    waits.delete(elsewhere)
    expect([waits.size, waits.oldest, others.size]).toEqual([1, stays, 1])
    others.add(stays)
    expect([waits.size, others.size]).toEqual([0, 2])
  })

  it('expire when their time is up, and no other', async () => {
    const waits = new Deadlines()
    const now = performance.now()
    const late = new Leaving(now + HOUR_MS)
    const due = [new Leaving(now + 2), new Leaving(now + 1)]
    for (const each of [late, ...due]) waits.add(each)
    await Promise.all(due.map(({ expired }) => expired))
    expect(late.hasExpired).toBe(false)
    late.leave()
  })

  it('expire soon when they are hurried, one or all', async () => {
    const waits = new Deadlines()
    const [first, second, third] = [1, 2, 3].map(() => new Leaving(performance.now() + HOUR_MS))
    if (!first || !second || !third) throw new Error('Three were made.')
    for (const each of [first, second, third]) waits.add(each)
    waits.hurry(second)
    await second.expired
    expect([first.hasExpired, third.hasExpired]).toEqual([false, false])
    waits.hurryAll()
    await Promise.all([first.expired, third.expired])
  })

  it('that put off their deadline are looked at again later', async () => {
    const waits = new Deadlines()
    const heard = new Leaving(performance.now() + 1)
    const due = new Leaving(performance.now() + 1)
    waits.add(heard)
    waits.add(due)
    heard.deadline += HOUR_MS
    await due.expired
    expect(heard.hasExpired).toBe(false)
    heard.deadline -= HOUR_MS
    await heard.expired
  })
})
