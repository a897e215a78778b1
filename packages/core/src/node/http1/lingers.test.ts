import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Lingering, Lingers } from './lingers.js'

const lingering = (): Lingering => ({ place: 0, hurry: () => undefined })

describe('the lingers of a server', () => {
  it('are those that were added and have not gone, in whatever order they go', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 50 }), (choices) => {
        const lingers = new Lingers()
        const expected = new Set<Lingering>()
        for (const choice of choices) {
          const gone = [...expected][choice % 4]
          if (gone === undefined) {
            const added = lingering()
            lingers.add(added)
            expected.add(added)
          } else {
            lingers.delete(gone)
            expected.delete(gone)
          }
          const left = [...lingers]
          expect(left).toHaveLength(expected.size)
          expect(left.every((each) => expected.has(each))).toBe(true)
        }
      }),
    )
  })

  it('lose nobody when one goes twice, or was never there', () => {
    const lingers = new Lingers()
    const [stays, goes] = [lingering(), lingering()]
    for (const each of [goes, stays]) lingers.add(each)
    for (const each of [goes, goes, lingering()]) lingers.delete(each)
    expect([...lingers]).toEqual([stays])
  })
})
