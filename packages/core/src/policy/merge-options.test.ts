// Where options come from does not matter, and nothing is taken for no options.

import { OptionError } from '../validation/option-error.js'
import { readAnswerHeaders } from './answer-headers.js'
import { mergeOptions } from './merge-options.js'
import type { ExpectationOptions } from './options.js'
import { compilePolicy } from './policy.js'

class Config implements ExpectationOptions {
  get maxContentLength(): number {
    return 10
  }
}

test.each<[string, ExpectationOptions]>([
  ['written', { maxContentLength: 10 }],
  ['of another configuration', Object.create({ maxContentLength: 10 })],
  ['of a class', new Config()],
  ['without a prototype', Object.assign(Object.create(null), { maxContentLength: 10 })],
  ['not enumerable', Object.defineProperty({}, 'maxContentLength', { value: 10 })],
])('options are read by their names: %s', (_from, options) => {
  expect(mergeOptions(options).maxContentLength).toBe(10)
  expect(mergeOptions({ maxContentLength: 20 }, options).maxContentLength).toBe(10)
  expect(compilePolicy(options).maxContentLength).toBe(10)
})

test('a later layer holds over an earlier one where it says something', () => {
  const server = {
    maxContentLength: 20,
    requireContentLength: true,
    linger: { idleMs: 1, totalMs: 2 },
  }
  const own = { maxContentLength: undefined, linger: { totalMs: 3 } }
  expect(mergeOptions(server, own)).toEqual({
    maxContentLength: 20,
    requireContentLength: true,
    linger: { idleMs: 1, totalMs: 3 },
  })
})

test('an unknown name of another configuration is unknown, too', () => {
  const options = Object.create({ maxContentLenght: 10 })
  expect(() => compilePolicy(options)).toThrow(/Did you mean maxContentLength/)
})

test.each([
  ['a Map', new Map([['maxContentLength', 10]])],
  ['a promise', Promise.resolve({ maxContentLength: 10 })],
  ['a date', new Date(0)],
  ['Headers', new Headers({ a: 'b' })],
  ['a list', []],
  ['a function', () => ({})],
])('%s holds nothing by name', (_what, given) => {
  expect(() => compilePolicy(given as ExpectationOptions)).toThrow(OptionError)
  expect(() => compilePolicy({ linger: given as object })).toThrow(OptionError)
  expect(() => compilePolicy({ expectations: given as object as Record<string, never> })).toThrow(
    OptionError,
  )
})

test.each([new Headers({ vary: 'a' }), new Map([['vary', 'a']]), Promise.resolve({})])(
  'header fields are given by name: %s',
  (given) => {
    expect(() => readAnswerHeaders('headers', given as object as Record<string, string>)).toThrow(
      OptionError,
    )
  },
)
