import { expect, test } from '@jest/globals'
import { isThenable } from './thenable.js'

const later = Promise.resolve(1)
// biome-ignore lint/suspicious/noThenProperty: what some libraries give in place of a promise.
const query = { then: later.then.bind(later) }

test.each<[string, unknown]>([
  ['a promise', later],
  ['an object', query],
  ['a function', Object.assign(() => undefined, query)],
  ['an instance whose class has then', Object.create(query)],
])('%s is waited for, as by await', async (_what, value) => {
  expect(isThenable(value)).toBe(true)
  await expect((async () => value)()).resolves.toBe(1)
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['text', 'then'],
  ['an object', {}],
  // biome-ignore lint/suspicious/noThenProperty: it is none of a thenable.
  ['an object with text', { then: 'later' }],
  ['a function', () => undefined],
])('%s is not', async (_what, value) => {
  expect(isThenable(value)).toBe(false)
  await expect((async () => value)()).resolves.toBe(value)
})
