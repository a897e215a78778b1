// Refusals: what they carry, what they refuse to carry, and who recognizes them.

import { describe, expect, it } from '@jest/globals'
import { OptionError } from '../validation/option-error.js'
import { isRefusal, Refusal, type RefusalOptions } from './refusal.js'

describe('a refusal', () => {
  it('has the reason and the phrase of its status when nothing else is said', () => {
    expect(new Refusal(413)).toMatchObject({
      name: 'Refusal',
      status: 413,
      statusCode: 413,
      expose: true,
      reason: 'content_too_large',
      message: 'Content Too Large',
      headers: {},
    })
    expect(new Refusal(413)).not.toHaveProperty('details')
    expect(new Refusal(413)).not.toHaveProperty('cause')
  })

  it('carries what it is given', () => {
    const cause = new Error('inside')
    const options = {
      reason: 'quota_exhausted',
      message: 'No quota left',
      details: { left: 0 },
      headers: { 'Retry-After': '60' },
      cause,
    }
    expect(new Refusal(429, options)).toMatchObject(options)
  })

  it('copies details and headers: later changes do not show', () => {
    const details = { left: 0 }
    const headers = { 'Retry-After': '60' }
    const refusal = new Refusal(429, { details, headers })
    details.left = 9
    headers['Retry-After'] = '0'
    expect(refusal).toMatchObject({ details: { left: 0 }, headers: { 'Retry-After': '60' } })
  })
})

describe('a refusal that could not be sent throws where it is made', () => {
  const circular: Record<string, unknown> = {}
  circular.self = circular

  it.each<[string, number, object, RegExp]>([
    ['status', 200, {}, /400 to 599/],
    ['status', 600, {}, /400 to 599/],
    ['status', 404.5, {}, /400 to 599/],
    ['status', Number.NaN, {}, /400 to 599/],
    ['reason', 400, { reason: 'No Such' }, /lower-case/],
    ['reason', 400, { reason: '1st' }, /lower-case/],
    ['message', 400, { message: 5 }, /string/],
    ['details', 400, { details: 5 }, /JSON/],
    ['details', 400, { details: ['a'] }, /JSON/],
    ['details', 400, { details: circular }, /JSON/],
    ['details', 400, { details: { size: 5n } }, /JSON/],
    ['headers', 400, { headers: 'Allow: GET' }, /object/],
    ['headers', 400, { headers: { 'a b': 'c' } }, /tokens/],
    ['headers.x', 400, { headers: { x: 'a\r\nSet-Cookie: b' } }, /control/],
    ['headers.x', 400, { headers: { x: 'snow \u2603' } }, /Latin-1/],
    ['headers.x', 400, { headers: { x: 5 } }, /string/],
  ])('%s, with status %p and %j', (option, status, options, remedy) => {
    const make = () => new Refusal(status, options as RefusalOptions)
    expect(make).toThrow(OptionError)
    expect(make).toThrow(remedy)
    expect(make).toThrow(
      expect.objectContaining({
        option: `Refusal.${option}`,
        code: 'ERR_EXPECTATION_INVALID_OPTION',
      }),
    )
  })

  it('an unknown option is told the nearest name', () => {
    const make = () => new Refusal(400, { detail: 'x' } as RefusalOptions)
    expect(make).toThrow('Refusal.detail is not an option (received "x"). Did you mean details?')
  })
})

describe('recognizing a refusal', () => {
  /** What a second copy of the package would make. */
  class ForeignRefusal extends Error {
    get [Symbol.for('@expectation/core/Refusal')](): boolean {
      return true
    }
  }

  it('works across copies of the package, with isRefusal and instanceof', () => {
    for (const refusal of [new Refusal(400), new ForeignRefusal()]) {
      expect(isRefusal(refusal)).toBe(true)
      expect(refusal instanceof Refusal).toBe(true)
    }
  })

  it('says no to everything else, without throwing', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no')
        },
      },
    )
    for (const value of [undefined, null, 'Refusal', 417, {}, new Error('x'), () => {}, hostile]) {
      expect(isRefusal(value)).toBe(false)
      expect(value instanceof Refusal).toBe(false)
    }
  })

  it('leaves subclasses their own instances', () => {
    class Quota extends Refusal {}
    expect(new Quota(429)).toBeInstanceOf(Quota)
    expect(new Quota(429)).toBeInstanceOf(Refusal)
    expect(new Refusal(429) instanceof Quota).toBe(false)
  })
})
