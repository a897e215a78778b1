// What several gates say together: least limits, the last word that was said, defaults for the rest.

import { describe, expect, it } from '@jest/globals'
import { least, narrow } from './in-force.js'
import type { ExpectationOptions } from './options.js'
import { compilePolicy } from './policy.js'

const logger = { info() {}, warn() {}, error() {} }

function together(...gates: ExpectationOptions[]) {
  const [first, ...others] = gates.map((options) => compilePolicy(options))
  if (first === undefined) throw new Error('No gate.')
  return others.reduce<ReturnType<typeof narrow>>(narrow, first)
}

describe('the policy in force', () => {
  it('of one gate is its own, and of the same gate twice too', () => {
    const policy = compilePolicy({ maxContentLength: 1 })
    expect(narrow(undefined, policy)).toBe(policy)
    expect(narrow(policy, policy)).toBe(policy)
  })

  it.each<[string, ExpectationOptions, ExpectationOptions, object]>([
    ['the least limit', { maxContentLength: 5 }, { maxContentLength: 9 }, { maxContentLength: 5 }],
    ['a limit that one has', {}, { maxContentLength: 9 }, { maxContentLength: 9 }],
    ['the last format', { format: 'problem' }, { format: 'flat' }, { format: 'flat' }],
    ['a format said once', { format: 'problem' }, { maxContentLength: 1 }, { format: 'problem' }],
    [
      'a format said to be the default',
      { format: 'flat' },
      { format: 'error' },
      { format: 'error' },
    ],
    ['a logger said once', { logger }, { maxContentLength: 1 }, { logger }],
    ['a time said once', { contentTimeoutMs: 7 }, {}, { contentTimeoutMs: 7 }],
    ['limits told by one', { advertiseLimits: true }, {}, { advertiseLimits: true }],
    ['types of the last', { acceptedTypes: ['a/b'] }, {}, { acceptedTypes: ['a/b'] }],
  ])('has %s', (_what, first, second, expected) => {
    expect(together(first, second)).toMatchObject(expected)
  })

  it('takes bounds of lingering one by one', () => {
    const { linger } = together(
      { linger: { idleMs: 300, totalMs: 500 } },
      { linger: { totalMs: 60_000 } },
      { maxContentLength: 1 },
    )
    expect(linger).toEqual({ idleMs: 300, totalMs: 60_000, maxBytes: 2 ** 26, maxConcurrent: 1000 })
  })

  it('is made once for each pair', () => {
    const [first, second] = [compilePolicy({ format: 'flat' }), compilePolicy({ format: 'error' })]
    expect(narrow(first, second)).toBe(narrow(first, second))
  })

  it.each([
    [undefined, undefined, undefined],
    [undefined, 0, 0],
    [3, undefined, 3],
    [3, 2, 2],
  ])('least of %p and %p is %p', (one, other, expected) => {
    expect(least(one, other)).toBe(expected)
  })
})
