// The Expect field by its grammar: every value of the measured matrix, and what it must mean.

import { describe, expect, it } from '@jest/globals'
import { readExpectation } from '../head/head-facts.js'
import { headOf } from '../head/testing/head-of.js'
import { type Expectation, parseExpect } from './expect.js'

const NONE: Expectation = { kind: 'none' }
const CONTINUE: Expectation = { kind: 'continue' }
const MALFORMED: Expectation = { kind: 'malformed' }

function unsupported(withContinue: boolean, name: string, value?: string): Expectation {
  const member = { name, ...(value === undefined ? {} : { value }), parameters: [] }
  return { kind: 'unsupported', members: [member], withContinue }
}

describe('the Expect field (RFC 9110 section 10.1.1, R1 to R3)', () => {
  it.each<[string, string | readonly string[] | undefined, Expectation]>([
    ['absent', undefined, NONE],
    ['empty', '', NONE],
    ['no lines', [], NONE],
    ['only separators', ' ,\t, ', NONE],
    ['plain', '100-continue', CONTINUE],
    ['upper case', '100-CONTINUE', CONTINUE],
    ['as Java 17 writes it', '100-Continue', CONTINUE],
    ['OWS around it', ' \t100-continue\t ', CONTINUE],
    ['empty elements', ',100-continue,', CONTINUE],
    ['twice', '100-continue, 100-continue', CONTINUE],
    ['two equal lines', ['100-continue', '100-continue'], CONTINUE],
    ['another name', 'foo', unsupported(false, 'foo')],
    ['before another', '100-continue, foo', unsupported(true, 'foo')],
    ['after another', 'foo, 100-continue', unsupported(true, 'foo')],
    ['before another line', ['100-continue', 'foo'], unsupported(true, 'foo')],
    ['after another line', ['foo', '100-continue'], unsupported(true, 'foo')],
    ['prefixed', 'x-100-continue', unsupported(false, 'x-100-continue')],
    ['suffixed', '100-continuex', unsupported(false, '100-continuex')],
    ['suffixed with a dash', '100-continue-x', unsupported(false, '100-continue-x')],
    ['with a value (R3)', '100-continue=1', unsupported(false, '100-continue', '1')],
    [
      'inside a quoted value',
      'foo="a, 100-continue"',
      unsupported(false, 'foo', 'a, 100-continue'),
    ],
    ['escapes in a quoted value', 'foo="a\\"\\\\b"', unsupported(false, 'foo', 'a"\\b')],
    ['an empty quoted value', 'foo=""', unsupported(false, 'foo', '')],
    ['obs-text in a quoted value', 'foo="\xe9"', unsupported(false, 'foo', '\xe9')],
    ['empty parameters', 'foo=1 ; ;', unsupported(false, 'foo', '1')],
    ['a word before', 'y 100-continue', MALFORMED],
    ['a space for the dash', '100 continue', MALFORMED],
    ['quoted as a whole', '"100-continue"', MALFORMED],
    ['a parameter without a value before', '100-continue;q=1', MALFORMED],
    ['a bare semicolon', '100-continue;', MALFORMED],
    ['beside something malformed', '100-continue, "x"', MALFORMED],
    ['no value after =', 'foo=', MALFORMED],
    ['a space before =', 'foo =1', MALFORMED],
    ['a space after =', 'foo= 1', MALFORMED],
    ['a quote that never ends', '100-continue, foo="', MALFORMED],
    ['an escape that never ends', 'foo="\\', MALFORMED],
    ['text after a quote', 'foo="a"b', MALFORMED],
    ['a parameter without =', 'foo=1;bar', MALFORMED],
    ['a control character', '100-continue\x00', MALFORMED],
    ['a line break', '100-continue\r\n', MALFORMED],
    ['another dash', '100‐continue', MALFORMED],
    ['a letter that lower-cases to another', '100-continue\u0130', MALFORMED],
  ])('%s', (_what, field, expectation) => {
    expect(parseExpect(field)).toEqual(expectation)
  })

  it('keeps parameters, with names in lower case and values as sent', () => {
    expect(parseExpect('Foo=Bar;A=B; c="D;e" , 100-continue')).toEqual({
      kind: 'unsupported',
      withContinue: true,
      members: [
        {
          name: 'foo',
          value: 'Bar',
          parameters: [
            { name: 'a', value: 'B' },
            { name: 'c', value: 'D;e' },
          ],
        },
      ],
    })
  })
})

describe('what a request expects', () => {
  it('is nothing on HTTP/1.0, whatever the field says (R11)', () => {
    for (const field of ['100-continue', 'foo', '"']) {
      expect(readExpectation(headOf({ expect: field }, { version: '1.0' }))).toEqual(NONE)
    }
  })

  it('is read alike on HTTP/1.1 and HTTP/2 (R2)', () => {
    for (const version of ['1.1', '2.0'] as const) {
      expect(readExpectation(headOf({ expect: '100-Continue' }, { version }))).toEqual(CONTINUE)
    }
  })
})
