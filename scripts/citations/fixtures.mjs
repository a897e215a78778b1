// One text for each kind of citation, with the words its fault must contain; `undefined`: no fault.
const texts = [
  [
    'what is defined',
    undefined,
    'law 3, laws 2 to 4 and Laws 1, 5 and 9; R16, K2.1, decision 0004',
  ],
  ['pages that exist', undefined, 'see docs/laws.md and tests/docs/links.test.ts'],
  ['a section of an RFC', undefined, '// RFC 9110 section 10.1.1, and section 15'],
  ['a law too many', 'law 99', '// law 99'],
  ['a law in a list', 'law 98', '// laws 0, 3 and 98'],
  ['a law in a range', 'law 13', '// laws 11 to 13'],
  ['a rule too many', 'R77', "test('R77 MUST: a', () => {})"],
  ['a fault too many', 'K9.9', "describe('K9.9 a', () => {})"],
  ['a decision too many', 'decision 9999', '// decision 9999'],
  ['a page that is gone', 'docs/gone.md', '// see docs/gone.md'],
  ['a test that is gone', 'tests/wire/gone.test.ts', '| a | tests/wire/gone.test.ts |', 'a.md'],
  [
    'an address that is gone',
    'docs/away.md',
    '(https://github.com/expectation-js/expectation/blob/main/docs/away.md#a)',
  ],
  ['a section of nothing', 'of which document', "test('section 5: a', () => {})"],
  ['a document that is elsewhere', 'no document', '// RFC 9110; design section 7'],
]

export const fixtures = texts.map(([title, expected, text, file]) => ({
  title,
  expected,
  text,
  file,
}))
