// The model itself, tried on values whose meaning is written in the RFC.
import { asksForContinue, membersOf } from './model.js'

const asking = [
  ['100-continue'],
  ['100-CONTINUE'],
  [' , 100-continue,,'],
  ['', '100-continue'],
  ['foo', '100-continue'],
  ['foo="a, b";c=d, 100-continue'],
  ['foo="\\""; , 100-Continue'],
]
for (const lines of asking) {
  test(`asks: ${JSON.stringify(lines)}`, () => expect(asksForContinue(lines)).toBe(true))
}

const others = [
  [''],
  [','],
  ['100 continue'],
  ['y 100-continue'],
  ['100-continue y'],
  ['"100-continue"'],
  ['100-continue;q=1'],
  ['100-continue='],
  ['100-continue=1'],
  ['foo="a, 100-continue"'],
  ['foo="a, 100-continue'],
  ['foo="a', '100-continue', 'b"'],
  ['y 100-continue', '100-continue'],
  ['x-100-continue'],
]
for (const lines of others) {
  test(`does not ask: ${JSON.stringify(lines)}`, () => expect(asksForContinue(lines)).toBe(false))
}

test('malformed is told from empty', () => {
  expect(membersOf('')).toEqual([])
  expect(membersOf('a b')).toBeUndefined()
})
