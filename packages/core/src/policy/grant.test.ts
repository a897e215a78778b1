// Grants: what they carry, that they are given back once, and what a giver's faults may not do.

import { describe, expect, it, jest } from '@jest/globals'
import { Refusal } from '../refusal/refusal.js'
import { OptionError } from '../validation/option-error.js'
import { Grant, type GrantEnd, type GrantOptions, isGrant } from './grant.js'

const ANSWERED: GrantEnd = { why: 'answered', receivedBytes: 3 }
const nothing = () => {}

describe('a grant', () => {
  it('is given back once, with how it ended', () => {
    const release = jest.fn<GrantOptions['release']>()
    const grant = new Grant({ release })
    expect(grant.released).toBe(false)
    grant.release(ANSWERED)
    grant.release({ why: 'gone', receivedBytes: 0 })
    expect(grant.released).toBe(true)
    expect(release.mock.calls).toEqual([[ANSWERED]])
  })

  it('is given back once when giving back calls itself', () => {
    const release = jest.fn(() => grant.release(ANSWERED))
    const grant = new Grant({ release })
    grant.release(ANSWERED)
    expect(release).toHaveBeenCalledTimes(1)
  })

  it.each<[string, () => void | Promise<void>]>([
    ['throws', () => raise(new Error('no'))],
    ['rejects', () => Promise.reject(new Error('no'))],
  ])('reports, and does not throw, when giving back %s', async (_how, release) => {
    const report = jest.fn()
    expect(() => new Grant({ release }).release(ANSWERED, report)).not.toThrow()
    await new Promise(setImmediate)
    expect(report.mock.calls).toEqual([[new Error('no')]])
    // Nobody wants to know: no unhandled rejection either.
    new Grant({ release }).release(ANSWERED)
    await new Promise(setImmediate)
  })

  it('is told by its brand, in any copy, and never by its looks', () => {
    expect(new Grant({ release: nothing })).toBeInstanceOf(Grant)
    expect(isGrant({ [Symbol.for('@expectation/core/Grant')]: true })).toBe(true)
    expect(isGrant({ release: nothing })).toBe(false)
    const hostile = new Proxy({}, { get: () => raise(new Error('no')) })
    expect([undefined, null, 'grant', nothing, hostile].map(isGrant)).not.toContain(true)
  })

  it('cannot be changed', () => {
    const grant = new Grant({ release: nothing })
    expect(Reflect.set(grant, 'release', nothing)).toBe(false)
    expect(Reflect.set(grant, 'bytes', 9)).toBe(false)
    expect(Object.keys(grant)).toEqual([])
  })
})

describe('content on credit', () => {
  it('has as many bytes as were granted, and no more without extend', () => {
    const grant = new Grant({ release: nothing, bytes: 10 })
    expect(grant).toMatchObject({ bytes: 10, extensible: false })
    expect(grant.extend(10)).toBe(10)
    expect(new Grant({ release: nothing }).bytes).toBeUndefined()
  })

  it('grows, at once or later, and never shrinks', async () => {
    const answers = [20, Promise.resolve(40), 30]
    const extend = jest.fn<NonNullable<GrantOptions['extend']>>(() => answers.shift() ?? 0)
    const grant = new Grant({ release: nothing, bytes: 10, extend })
    expect(grant.extend(5)).toBe(20)
    await expect(grant.extend(15)).resolves.toBe(40)
    expect(grant.extend(35)).toBe(40)
    expect(grant.bytes).toBe(40)
    expect(extend.mock.calls).toEqual([[5], [15], [35]])
  })

  it('is refused by a Refusal, returned or thrown, at once or later', async () => {
    const refusal = new Refusal(503)
    const ways: NonNullable<GrantOptions['extend']>[] = [
      () => refusal,
      () => raise(refusal),
      async () => refusal,
      async () => raise(refusal),
    ]
    for (const extend of ways) {
      const grant = new Grant({ release: nothing, bytes: 0, extend })
      expect(await grant.extend(0)).toBe(refusal)
      expect(grant.bytes).toBe(0)
    }
  })

  it('is not asked for once the grant is given back', () => {
    const extend = jest.fn(() => 20)
    const grant = new Grant({ release: nothing, bytes: 10, extend })
    grant.release(ANSWERED)
    expect(grant.extend(10)).toBe(10)
    expect(extend).not.toHaveBeenCalled()
  })

  it.each([[undefined], [true], [-1], [1.5], [Number.NaN], ['20']])(
    'fails closed on %p for an answer',
    async (answer) => {
      const extend = () => answer as unknown as number
      const grant = (how: GrantOptions['extend']) =>
        new Grant({ release: nothing, bytes: 10, extend: how })
      expect(() => grant(extend).extend(10)).toThrow(OptionError)
      await expect(grant(async () => extend()).extend(10)).rejects.toThrow(/altogether/)
    },
  )
})

describe('wrong options throw where they are written', () => {
  it.each<[unknown, RegExp]>([
    [undefined, /options|Grant/],
    [{}, /Grant\.release/],
    [{ release: 5 }, /Grant\.release/],
    [{ release: nothing, bytes: -1 }, /Grant\.bytes/],
    [{ release: nothing, bytes: '5mb' }, /Grant\.bytes/],
    [{ release: nothing, extend: 5, bytes: 1 }, /Grant\.extend/],
    [{ release: nothing, extend: nothing }, /Grant\.bytes/],
    [{ release: nothing, byte: 1 }, /Did you mean bytes/],
  ])('%p', (options, message) => {
    const make = () => new Grant(options as GrantOptions)
    expect(make).toThrow(OptionError)
    expect(make).toThrow(message)
  })
})

function raise(error: Error): never {
  throw error
}
