// What stands behind a head is told from the segment that the parser has before it.
import type { Socket } from 'node:net'
import { endsWithHead } from './segment.js'

const HEAD = 'PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n'

const parsing = (segment: unknown): Socket =>
  Object.assign(Object.create(null), { parser: { getCurrentBuffer: () => segment } })

test.each<readonly [string, string, boolean]>([
  ['a head', HEAD, true],
  ['the end of a head whose beginning came before', HEAD.slice(9), true],
  ['content behind it', `${HEAD}content`, false],
  ['content that ends as a head does', `${HEAD}conte\r\n\r\n`, false],
  ['a request before it', `GET / HTTP/1.1\r\nHost: x\r\n\r\n${HEAD}`, false],
  ['content of the request before it', `lo${HEAD}`, true],
  ['the end of a chunked one before it', `2\r\nlo\r\n0\r\n\r\n${HEAD}`, false],
  ['the end of a line before it', `\r\n${HEAD}`, false],
  ["the rest of a head's last line, and content behind it", '\nconte\r\n\r\n', false],
  ["the rest of a head's last two lines", '\r\n\r\n', false],
  [
    'lines that end without CR, and content behind',
    `${HEAD.replaceAll('\r', '')}co\r\n\r\n`,
    false,
  ],
  [
    'lines that end without LF, and content behind',
    `${HEAD.replaceAll('\n', '')}co\r\n\r\n`,
    false,
  ],
  ['nothing', '', false],
])('%s', (_name, text, expected) => {
  expect(endsWithHead(parsing(Buffer.from(text, 'latin1')))).toBe(expected)
})

test('a parser that does not tell: the request waits for the rest of the segment', () => {
  expect(endsWithHead(parsing(undefined))).toBe(false)
  expect(endsWithHead(Object.assign(Object.create(null), { parser: null }))).toBe(false)
  expect(endsWithHead(Object.assign(Object.create(null), { parser: {} }))).toBe(false)
})
