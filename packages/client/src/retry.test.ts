// RFC 9110 10.2.3 and 5.6.7: both forms of Retry-After, the three forms of a date, and waits that stay
// within their bounds whatever the numbers are.
import fc from 'fast-check'
import { parseHttpDate } from './http-date.js'
import { Origins } from './origins.js'
import { backoffMs, delayMs, retryAfterMs } from './retry.js'

const policies = fc.record({
  attempts: fc.integer({ min: 1, max: 1_000 }),
  minDelayMs: fc.integer({ min: 0, max: 10_000 }),
  maxDelayMs: fc.integer({ min: 10_000, max: 100_000 }),
  factor: fc.double({ min: 1, max: 100, noNaN: true }),
  jitter: fc.boolean(),
})
const failures = fc.integer({ min: 1, max: 1_000 })
/** Seconds, as a date has no finer unit; years of four digits. */
const seconds = fc.integer({ min: 0, max: 253_402_300_799 })

describe('backoff', () => {
  test('is never longer than told, nor negative', () => {
    fc.assert(
      fc.property(policies, failures, (policy, count) => {
        const ms = backoffMs(policy, count)
        expect(ms).toBeGreaterThanOrEqual(0)
        expect(ms).toBeLessThanOrEqual(policy.maxDelayMs)
      }),
    )
  })

  test('without jitter grows by the factor, up to the bound', () => {
    fc.assert(
      fc.property(policies, failures, (given, count) => {
        const policy = { ...given, jitter: false }
        const now = backoffMs(policy, count)
        const next = backoffMs(policy, count + 1)
        expect(next).toBeGreaterThanOrEqual(now)
        const bound = Math.min(policy.maxDelayMs, now * policy.factor)
        expect(Math.abs(next - bound)).toBeLessThan(0.001)
      }),
    )
  })

  test('with jitter takes every part of the whole', () => {
    const policy = { attempts: 5, minDelayMs: 200, maxDelayMs: 30_000, factor: 2, jitter: true }
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), failures, (part, count) => {
        const whole = backoffMs({ ...policy, jitter: false }, count)
        expect(backoffMs(policy, count, () => part)).toBeCloseTo(part * whole)
      }),
    )
  })
})

describe('Retry-After', () => {
  test('seconds', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (value, now) => {
        expect(retryAfterMs(` ${value}`, now)).toBe(value * 1_000)
      }),
    )
  })

  test('a date: the time from now, 0 when it has passed', () => {
    fc.assert(
      fc.property(seconds, seconds, (date, now) => {
        const text = new Date(date * 1_000).toUTCString()
        expect(retryAfterMs(text, now * 1_000)).toBe(Math.max(0, date - now) * 1_000)
      }),
    )
  })

  test('anything else is no wait that was told', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (/^\s*\d+\s*$/.test(text)) return
        expect(retryAfterMs(text, 0)).toBeUndefined()
      }),
    )
    for (const text of ['-1', '1.5', '1e3', '0x10', '', 'tomorrow']) {
      expect(retryAfterMs(text, 0)).toBeUndefined()
    }
  })

  test('longer than the bound is not waited for', () => {
    const policy = { attempts: 5, minDelayMs: 0, maxDelayMs: 1_000, factor: 2, jitter: true }
    expect(delayMs(policy, 1, '1')).toBe(1_000)
    expect(delayMs(policy, 1, '2')).toBeUndefined()
    expect(delayMs(policy, 1, 'nonsense')).toBe(0)
  })
})

describe('HTTP-date', () => {
  const now = Date.UTC(2026, 0, 1)

  test.each([
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
  ])('%s', (text) => {
    expect(parseHttpDate(text, now)).toBe(784_111_777_000)
  })

  test('two digits more than 50 years ahead are of the past', () => {
    expect(parseHttpDate('Monday, 01-Jan-77 00:00:00 GMT', now)).toBe(Date.UTC(1977, 0, 1))
    expect(parseHttpDate('Monday, 01-Jan-76 00:00:00 GMT', now)).toBe(Date.UTC(2076, 0, 1))
  })

  test.each([
    'Sun, 31 Feb 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 25:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 CET',
    'sun, 06 nov 1994 08:49:37 gmt',
    'Sun, 6 Nov 1994 08:49:37 GMT',
  ])('%s is none', (text) => {
    expect(parseHttpDate(text, now)).toBeUndefined()
  })
})

describe('what is known of origins', () => {
  test('is forgotten after ten minutes', () => {
    let now = 0
    const origins = new Origins(() => now)
    origins.learn('http://a', 'silent')
    now = 599_999
    expect(origins.habitOf('http://a')).toBe('silent')
    now = 600_000
    expect(origins.habitOf('http://a')).toBeUndefined()
  })

  test('… though the clock of the day was set back meanwhile', () => {
    const date = jest.spyOn(Date, 'now').mockReturnValue(Date.now())
    const clock = jest.spyOn(performance, 'now').mockReturnValue(1_000)
    const origins = new Origins()
    origins.learn('http://a', 'silent')
    date.mockReturnValue(Date.now() - 3_600_000)
    clock.mockReturnValue(601_000)
    expect(origins.habitOf('http://a')).toBeUndefined()
    date.mockRestore()
    clock.mockRestore()
  })

  test('is known of a thousand: the one learned longest ago goes', () => {
    const origins = new Origins(() => 0)
    for (let each = 0; each < 1_001; each += 1) origins.learn(`http://${each}`, 'declines')
    expect(origins.habitOf('http://0')).toBeUndefined()
    expect(origins.habitOf('http://1')).toBe('declines')
    expect(origins.habitOf('http://1000')).toBe('declines')
  })
})
