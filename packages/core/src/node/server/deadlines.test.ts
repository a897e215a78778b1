import { performance } from 'node:perf_hooks'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Lingering, Lingers } from './lingers.js'

/** One whose time is never up by itself. */
class Patient implements Lingering {
  place = 0
  hurried = 0
  deadline = Number.POSITIVE_INFINITY
  expire(): void {}
  hurry(): void {
    this.hurried += 1
  }
}

/** One that goes when its time is up, and tells. */
class Leaving extends Patient {
  readonly #lingers: Lingers
  #tell: () => void = () => undefined
  readonly expired = new Promise<void>((resolve) => {
    this.#tell = resolve
  })
  hasExpired = false

  constructor(lingers: Lingers, deadline: number) {
    super()
    this.#lingers = lingers
    this.deadline = deadline
  }

  override expire(): void {
    this.hasExpired = true
    this.#lingers.delete(this)
    this.#tell()
  }

  override hurry(): void {
    this.deadline = performance.now()
  }
}

const HOUR_MS = 3_600_000

describe('the lingers of a server', () => {
  it('are those that were added and have not gone, in whatever order they go', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 50 }), (choices) => {
        const lingers = new Lingers()
        const all = new Set<Patient>()
        const left = new Set<Patient>()
        for (const choice of choices) {
          const gone = [...left][choice % 4]
          if (gone === undefined) {
            const added = new Patient()
            lingers.add(added)
            all.add(added)
            left.add(added)
          } else {
            lingers.delete(gone)
            left.delete(gone)
          }
        }
        lingers.hurryAll()
        for (const each of all) expect(each.hurried).toBe(left.has(each) ? 1 : 0)
      }),
    )
  })

  it('lose nobody when one goes twice, or was never there', () => {
    const lingers = new Lingers()
    const [stays, goes] = [new Patient(), new Patient()]
    for (const each of [goes, stays]) lingers.add(each)
    for (const each of [goes, goes, new Patient()]) lingers.delete(each)
    lingers.hurryAll()
    expect([stays.hurried, goes.hurried]).toEqual([1, 0])
  })

  it('expire when their time is up, and no other', async () => {
    const lingers = new Lingers()
    const now = performance.now()
    const late = new Leaving(lingers, now + HOUR_MS)
    const due = [new Leaving(lingers, now + 2), new Leaving(lingers, now + 1)]
    for (const each of [late, ...due]) lingers.add(each)
    await Promise.all(due.map(({ expired }) => expired))
    expect(late.hasExpired).toBe(false)
    lingers.delete(late)
  })

  it('expire soon when they are hurried, one or all', async () => {
    const lingers = new Lingers()
    const [first, second, third] = Array.from(
      { length: 3 },
      () => new Leaving(lingers, performance.now() + HOUR_MS),
    )
    if (!first || !second || !third) throw new Error('Three were made.')
    for (const each of [first, second, third]) lingers.add(each)
    lingers.hurry(second)
    await second.expired
    expect([first.hasExpired, third.hasExpired]).toEqual([false, false])
    lingers.hurryAll()
    await Promise.all([first.expired, third.expired])
  })

  it('that heard something in time are looked at again later', async () => {
    const lingers = new Lingers()
    const heard = new Leaving(lingers, performance.now() + 1)
    const due = new Leaving(lingers, performance.now() + 1)
    lingers.add(heard)
    lingers.add(due)
    heard.deadline += 2
    await due.expired
    await heard.expired
  })
})
