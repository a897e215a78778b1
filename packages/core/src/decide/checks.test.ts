// The application's own questions: who is asked what, in which order, and what the answers mean.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { headOf, uploadOf } from '../head/testing/head-of.js'
import type { Check } from '../policy/check.js'
import { Refusal } from '../refusal/refusal.js'
import { CONTINUE, decided, waiting } from './testing/asking.js'

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  // Whatever a test did, no timer may outlive its decision.
  expect(jest.getTimerCount()).toBe(0)
  jest.useRealTimers()
})

describe('checks that answer at once', () => {
  it('give the decision itself, without a promise or a timer', () => {
    expect(decided({ checks: [() => undefined] })).toEqual(CONTINUE)
    expect(decided({ checks: [() => undefined] }, uploadOf())).toEqual({ kind: 'pass' })
  })

  it('are asked in order, and the first refusal wins', () => {
    const asked: string[] = []
    const second = new Refusal(401)
    const decision = decided({
      checks: [
        function first() {
          asked.push('first')
        },
        function second_() {
          asked.push('second')
          return second
        },
        function third() {
          asked.push('third')
          return new Refusal(403)
        },
      ],
    })
    expect(decision).toEqual({ kind: 'refuse', refusal: second, by: 'check:second_' })
    expect(asked).toEqual(['first', 'second'])
  })

  it('get the head, the request, and a signal that has not aborted', () => {
    const check = jest.fn<Check>()
    decided({ checks: [check] })
    const [head, context] = check.mock.calls[0] ?? []
    expect(head).toMatchObject(waiting)
    expect(context?.request).toBe('the request')
    expect(context?.signal.aborted).toBe(false)
  })

  it('are named by their place when they have no name', () => {
    expect(decided({ checks: [() => undefined, () => new Refusal(403)] })).toMatchObject({
      by: 'check:1',
    })
  })

  it('are asked after the rules', () => {
    const check = jest.fn<Check>()
    expect(decided({ checks: [check], maxContentLength: 4 })).toMatchObject({ by: 'size' })
    expect(check).not.toHaveBeenCalled()
  })
})

describe('requests with neither content nor an expectation', () => {
  it.each([
    ['plain', headOf()],
    ['waiting without content', headOf({ expect: '100-continue' })],
    ['on HTTP/1.0', headOf({ expect: 'foo' }, { version: '1.0' })],
  ])('pass without being asked about: %s', (_what, head) => {
    const check = jest.fn<Check>(() => new Refusal(403))
    expect(decided({ checks: [check] }, head)).toEqual({ kind: 'pass' })
    expect(check).not.toHaveBeenCalled()
  })
})

describe('what a check throws or returns', () => {
  it('refuses when it is a Refusal, at once or later', async () => {
    const refusal = new Refusal(401)
    const throwing = () => {
      throw refusal
    }
    const by = 'check:0'
    expect(decided({ checks: [() => throwing()] })).toEqual({ kind: 'refuse', refusal, by })
    await expect(decided({ checks: [async () => throwing()] })).resolves.toEqual({
      kind: 'refuse',
      refusal,
      by,
    })
    await expect(decided({ checks: [async () => refusal] })).resolves.toMatchObject({ refusal })
  })

  it('comes out unchanged when it is anything else', async () => {
    const fault = new Error('the database is down')
    const throwing = () => {
      throw fault
    }
    expect(() => decided({ checks: [() => throwing()] })).toThrow(fault)
    await expect(decided({ checks: [async () => throwing()] })).rejects.toBe(fault)
  })

  it.each([[true], [false], [null], [401], ['no'], [new Error('no')]])(
    'is a fault when it is %p, so that a mistake never lets a request through',
    async (answer) => {
      const check = () => answer as unknown as undefined
      expect(() => decided({ checks: [check] })).toThrow(/check:check.*Refusal/)
      await expect(decided({ checks: [async () => check()] })).rejects.toThrow(/Refusal/)
    },
  )
})

describe('extension expectations', () => {
  const head = uploadOf({ expect: 'Foo=Bar;a=b, 100-continue' })

  it('are decided by member and head, before checks', () => {
    const order: string[] = []
    const foo = jest.fn((..._asked: unknown[]) => {
      order.push('foo')
      return true
    })
    const check = () => {
      order.push('check')
    }
    expect(decided({ expectations: { foo }, checks: [check] }, head)).toEqual(CONTINUE)
    expect(foo).toHaveBeenCalledWith(
      { name: 'foo', value: 'Bar', parameters: [{ name: 'a', value: 'b' }] },
      head,
    )
    expect(order).toEqual(['foo', 'check'])
  })

  it('decline with 417, or with a refusal of their own', () => {
    const own = new Refusal(403)
    expect(decided({ expectations: { foo: () => false } }, head)).toMatchObject({
      by: 'extension:foo',
      refusal: { status: 417, reason: 'unsupported_expectation' },
    })
    expect(decided({ expectations: { foo: () => own } }, head)).toMatchObject({ refusal: own })
  })

  it('may answer later', async () => {
    await expect(decided({ expectations: { foo: async () => {} } }, head)).resolves.toEqual(
      CONTINUE,
    )
    await expect(
      decided({ expectations: { foo: async () => false } }, head),
    ).resolves.toMatchObject({ by: 'extension:foo' })
  })

  it('fail closed on an answer that is none', () => {
    const foo = () => 'yes' as unknown as boolean
    expect(() => decided({ expectations: { foo } }, head)).toThrow(/expectations\.foo/)
  })

  it('are asked without content too, and then checks are', () => {
    const check = jest.fn<Check>()
    const decision = decided(
      { expectations: { foo: () => true }, checks: [check] },
      headOf({ expect: 'foo' }),
    )
    expect(decision).toEqual({ kind: 'pass' })
    expect(check).toHaveBeenCalledTimes(1)
  })
})

describe('a check that throws what is no error', () => {
  it.each([[undefined], [null], [0], [''], ['route'], [{ status: 204 }]])(
    'never lets a request through: %p',
    async (thrown) => {
      const check = () => {
        throw thrown
      }
      expect(() => decided({ checks: [check] })).toThrow(/no Error/)
      await expect(decided({ checks: [async () => check()] })).rejects.toMatchObject({
        message: expect.stringMatching(/no Error/),
        cause: thrown,
      })
    },
  )
})
