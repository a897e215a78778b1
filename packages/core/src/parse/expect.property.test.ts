// Laws of the parser over generated values: it never throws, it inverts the grammar, and nothing
// outside the grammar is a `continue`.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type ExpectationMember, parseExpect } from './expect.js'

const TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~09azAZ"
const QUOTED_CHARACTERS = `${TOKEN_CHARACTERS}\t ,;=()"\\\xa0\xff`

const token = fc.string({ unit: fc.constantFrom(...TOKEN_CHARACTERS), minLength: 1, maxLength: 8 })
const space = fc.string({ unit: fc.constantFrom(' ', '\t'), maxLength: 2 })

/** A piece of a field value, and what the parser must make of it. */
interface Written<Meaning> {
  readonly text: string
  readonly meaning: Meaning
}

const plainValue = token.map((text): Written<string> => ({ text, meaning: text }))
const quotedValue = fc
  .string({ unit: fc.constantFrom(...QUOTED_CHARACTERS), maxLength: 12 })
  .map((meaning): Written<string> => ({ text: `"${meaning.replace(/["\\]/g, '\\$&')}"`, meaning }))
const value = fc.oneof(plainValue, quotedValue)

const parameter = fc
  .record({ before: space, after: space, name: token, value })
  .map(({ before, after, name, value: { text, meaning } }) => ({
    text: `${before};${after}${name}=${text}`,
    meaning: { name: name.toLowerCase(), value: meaning },
  }))

const bareMember = token.map(
  (text): Written<ExpectationMember> => ({
    text,
    meaning: { name: text.toLowerCase(), parameters: [] },
  }),
)
const fullMember = fc
  .record({ name: token, value, parameters: fc.array(parameter, { maxLength: 3 }) })
  .map(
    ({ name, value: { text, meaning }, parameters }): Written<ExpectationMember> => ({
      text: `${name}=${text}${parameters.map((written) => written.text).join('')}`,
      meaning: {
        name: name.toLowerCase(),
        value: meaning,
        parameters: parameters.map((written) => written.meaning),
      },
    }),
  )
const otherMember = fc
  .oneof(bareMember, fullMember)
  .filter(({ text }) => text.toLowerCase() !== '100-continue')
const plainContinue = fc.constantFrom('100-continue', '100-CONTINUE', '100-Continue')
const separator = fc
  .tuple(space, fc.constantFrom(',', ',,', ', ,'), space)
  .map((parts) => parts.join(''))

describe('the parser of Expect', () => {
  it('never throws, and answers every text with one of four kinds', () => {
    const kinds = ['none', 'continue', 'unsupported', 'malformed']
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...QUOTED_CHARACTERS, '\0', '\n') }),
    )
    fc.assert(
      fc.property(fc.oneof(text, fc.array(text)), (field) => {
        expect(kinds).toContain(parseExpect(field).kind)
      }),
    )
  })

  it('gives back the members that the grammar generated', () => {
    fc.assert(
      fc.property(
        fc.array(otherMember, { minLength: 1, maxLength: 5 }),
        separator,
        (members, comma) => {
          expect(parseExpect(members.map(({ text }) => text).join(comma))).toEqual({
            kind: 'unsupported',
            members: members.map(({ meaning }) => meaning),
            withContinue: false,
          })
        },
      ),
    )
  })

  it('finds a plain 100-continue anywhere in the list, and leaves it out of the members', () => {
    fc.assert(
      fc.property(
        fc.array(otherMember, { maxLength: 3 }),
        plainContinue,
        fc.array(otherMember, { maxLength: 3 }),
        separator,
        (before, asked, after, comma) => {
          const others = [...before, ...after]
          const list = [...before.map(({ text }) => text), asked, ...after.map(({ text }) => text)]
          expect(parseExpect(list.join(comma))).toEqual(
            others.length === 0
              ? { kind: 'continue' }
              : {
                  kind: 'unsupported',
                  members: others.map(({ meaning }) => meaning),
                  withContinue: true,
                },
          )
        },
      ),
    )
  })

  it('reads a list alike on one line and on several (RFC 9110 section 5.3)', () => {
    const texts = fc.array(
      fc.oneof(
        otherMember.map(({ text }) => text),
        plainContinue,
      ),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    fc.assert(
      fc.property(texts, fc.nat(), (list, cut) => {
        const at = cut % (list.length + 1)
        const lines = [list.slice(0, at).join(','), list.slice(at).join(' , ')]
        expect(parseExpect(lines)).toEqual(parseExpect(list.join(', ')))
      }),
    )
  })

  it('compares names without case (R2)', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            bareMember.map(({ text }) => text),
            plainContinue,
          ),
        ),
        (list) => {
          const field = list.join(',')
          expect(parseExpect(field.toUpperCase())).toEqual(parseExpect(field.toLowerCase()))
        },
      ),
    )
  })
})

describe('a mutation of 100-continue', () => {
  const plain = '100-continue'

  it('never leads to a continue when a character is put in that no list has there', () => {
    // Not space, tab or comma: those may stand around an element.
    const character = fc.constantFrom(...`${TOKEN_CHARACTERS}"\\;=()\0\r\n\x7f\xe9`)
    fc.assert(
      fc.property(fc.nat({ max: plain.length }), character, (at, put) => {
        const mutated = plain.slice(0, at) + put + plain.slice(at)
        expect(parseExpect(mutated).kind).not.toBe('continue')
      }),
    )
  })

  it('never leads to a continue when a character is left out or replaced', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: plain.length - 1 }),
        fc.string({ unit: 'binary', minLength: 0, maxLength: 1 }),
        (at, put) => {
          fc.pre(put.toLowerCase() !== plain[at])
          const mutated = plain.slice(0, at) + put + plain.slice(at + 1)
          expect(parseExpect(mutated).kind).not.toBe('continue')
        },
      ),
    )
  })

  it('never leads to a continue beside something malformed', () => {
    const malformed = fc.constantFrom(
      '"',
      '=',
      ';',
      'a b',
      'a=',
      'a="',
      'a;b=c',
      '(',
      '"100-continue"',
    )
    fc.assert(
      fc.property(malformed, fc.boolean(), separator, (junk, first, comma) => {
        const list = first ? [junk, plain] : [plain, junk]
        expect(parseExpect(list.join(comma)).kind).toBe('malformed')
      }),
    )
  })
})

describe('values as long as a head may be', () => {
  // Each of these sends a backtracking pattern into minutes; a test that hangs is the failure.
  it.each([
    ['parameters', `foo=1${';a=b'.repeat(50_000)}`],
    ['quoted parameters', `foo=1${';a="b\\"c"'.repeat(50_000)}`],
    ['members', `${'foo,'.repeat(50_000)}100-continue`],
  ])('more %s than anybody means are malformed', (_what, field) => {
    expect(parseExpect(field).kind).toBe('malformed')
  })

  it.each([
    // An odd number of quotes: an even one is in the grammar.
    ['a=";', 'a=";'.repeat(50_001)],
    ['an open quote', `foo="${'\\"'.repeat(100_000)}`],
    ['an open end after parameters', `foo=1${';a=b'.repeat(50_000)};a`],
    ['spaces before junk', `foo=1${' \t'.repeat(100_000)}x`],
  ])('%s is malformed', (_what, field) => {
    expect(parseExpect(field).kind).toBe('malformed')
  })

  it('lists of 32 members and parameters keep all, longer ones are malformed', () => {
    const list = (parameters: number) => `${'foo,'.repeat(20)}bar=1${';a=b'.repeat(parameters)}`
    expect(parseExpect(list(11))).toMatchObject({ kind: 'unsupported' })
    expect(parseExpect(list(12)).kind).toBe('malformed')
  })
})
