import { BoundedValues } from './bounded.js'

test('known values are told by name, whatever else came before', () => {
  const values = new BoundedValues(['known'], 0)
  expect(values.of('stranger')).toBe('other')
  expect(values.of('known')).toBe('known')
})

test('the first strangers are told by name, and stay so; the rest is other', () => {
  const values = new BoundedValues(['known'], 2)
  const told = Array.from({ length: 1_000 }, (_, index) => values.of(`stranger ${index}`))
  expect(new Set(told)).toEqual(new Set(['stranger 0', 'stranger 1', 'other']))
  expect(values.of('stranger 1')).toBe('stranger 1')
})

test('what is too long to be a name takes no room', () => {
  const values = new BoundedValues([], 1)
  expect(values.of('x'.repeat(201))).toBe('other')
  expect(values.of('x'.repeat(200))).toBe('x'.repeat(200))
})
