import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { copyJsonObject } from './json.js'

function fail(): never {
  throw new Error('no')
}

describe('a copy of an object', () => {
  it('is what JSON would carry, whatever the object holds', () => {
    fc.assert(
      fc.property(fc.object({ withDate: true, withNullPrototype: true }), (value) => {
        expect(JSON.stringify(copyJsonObject(value))).toBe(JSON.stringify(value))
      }),
    )
  })

  it.each([
    ['numbers that JSON has not', { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: -0 }],
    ['members that it leaves out', { a: undefined, b: () => 1, c: Symbol('c'), d: 1 }],
    ['an own __proto__', JSON.parse('{"__proto__":"x","a":1}')],
    ['a toJSON of its own', { a: 1, toJSON: () => ({ b: 2 }) }],
    [
      'members that are read only now',
      Object.defineProperty({}, 'a', { enumerable: true, get: () => 1 }),
    ],
    ['members that are not enumerable', Object.defineProperty({ a: 1 }, 'b', { value: 2 })],
  ])('is right for %s', (_what, value) => {
    expect(JSON.stringify(copyJsonObject(value))).toBe(JSON.stringify(value))
  })

  it('is one, and plain', () => {
    const value = { limit: 1 }
    const copy = copyJsonObject(value)
    value.limit = 2
    expect(copy).toEqual({ limit: 1 })
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
  })

  it.each([
    ['an array', [1]],
    ['text', 'text'],
    ['a Date', new Date(0)],
    ['a big integer in it', { a: 1n }],
    ['a getter that throws', Object.defineProperty({}, 'a', { enumerable: true, get: fail })],
    ['a proxy that throws', new Proxy({}, { getPrototypeOf: fail })],
  ])('is none for %s', (_what, value) => {
    expect(copyJsonObject(value)).toBeUndefined()
  })
})
