// RFC 9112 section 7.1: what a chunked response may look like is read, what it may not is malformed.
import { takeResponse } from './parse-response.js'

const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
const take = (chunks: string) => takeResponse(Buffer.from(HEAD + chunks, 'latin1'))

const legal: readonly [string, string, string, readonly (readonly [string, string])[]][] = [
  ['one chunk', '2\r\nok\r\n0\r\n\r\n', 'ok', []],
  ['no chunk', '0\r\n\r\n', '', []],
  ['two chunks', '2\r\nok\r\n1\r\n!\r\n0\r\n\r\n', 'ok!', []],
  ['a padded size', '2  \r\nok\r\n0\r\n\r\n', 'ok', []],
  ['a trailer', '2\r\nok\r\n0\r\nX-R: 2\r\n\r\n', 'ok', [['X-R', '2']]],
  [
    'trailers',
    '2\r\nok\r\n0\r\nA: 1\r\nB:\r\n\r\n',
    'ok',
    [
      ['A', '1'],
      ['B', ''],
    ],
  ],
  ['an extension', '2;a=b\r\nok\r\n0\r\n\r\n', 'ok', []],
  ['an extension without a value', '2;a\r\nok\r\n0;last\r\n\r\n', 'ok', []],
  ['extensions with whitespace', '2 ; a = b\t;c=d \r\nok\r\n0\r\n\r\n', 'ok', []],
  ['a quoted value', '2;a="b; \\"c\\""\r\nok\r\n0\r\n\r\n', 'ok', []],
  ['an extension and a trailer', '2;a=b\r\nok\r\n0;c\r\nX-R: 2\r\n\r\n', 'ok', [['X-R', '2']]],
]

test.each(legal)('7.1 MUST be read: %s', (_name, chunks, body, trailers) => {
  const taken = take(`${chunks}HTTP/1.1`)
  expect(taken?.response.text).toBe(body)
  expect(taken?.response.trailers).toEqual(trailers)
  expect(taken?.used).toBe(HEAD.length + chunks.length)
  // Nothing but the whole of it is a response.
  for (let cut = 0; cut < chunks.length; cut += 1) {
    expect(take(chunks.slice(0, cut))).toBeUndefined()
  }
})

const illegal: readonly [string, string][] = [
  ['no size', '\r\nok\r\n0\r\n\r\n'],
  ['a size that is none', 'x\r\nok\r\n0\r\n\r\n'],
  ['a space before the size', ' 2\r\nok\r\n0\r\n\r\n'],
  ['a chunk that is longer than it says', '2\r\noky\r\n0\r\n\r\n'],
  ['something behind the size', '2 a\r\nok\r\n0\r\n\r\n'],
  ['an extension without a name', '2;\r\nok\r\n0\r\n\r\n'],
  ['an extension with an empty value', '2;a=\r\nok\r\n0\r\n\r\n'],
  ['a quoted value without its end', '2;a="b\r\nok\r\n0\r\n\r\n'],
  ['an extension without a semicolon', '2 a=b\r\nok\r\n0\r\n\r\n'],
  ['a trailer that is no field line', '2\r\nok\r\n0\r\nX-R\r\n\r\n'],
  ['a folded trailer (5.2)', '2\r\nok\r\n0\r\nX-R: 1\r\n 2\r\n\r\n'],
  ['framing in a trailer (RFC 9110 6.5.1)', '2\r\nok\r\n0\r\nContent-Length: 2\r\n\r\n'],
]

test.each(illegal)('7.1 MUST NOT be sent: %s', (_name, chunks) => {
  expect(() => take(chunks)).toThrow(
    expect.objectContaining({ name: 'MalformedResponse' }) as unknown as Error,
  )
})

const malformedHeads: readonly [string, string][] = [
  ['no status line', 'HTTP/1.1 OK\r\n\r\n'],
  ['no response at all', '{"error":'],
  ['a bare line feed in the head', 'HTTP/1.1 200 OK\nA: b\r\n\r\n'],
  ['a space before the colon (5.1)', 'HTTP/1.1 200 OK\r\nA : b\r\n\r\n'],
  ['a folded line (5.2)', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na'],
  ['length and chunks', `${HEAD.trimEnd()}\r\nContent-Length: 1\r\n\r\na`],
  ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
  ['a length in a 100', 'HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n'],
]

test.each(malformedHeads)('RFC 9112: %s is malformed', (_name, head) => {
  expect(() => takeResponse(Buffer.from(head))).toThrow(
    expect.objectContaining({ name: 'MalformedResponse' }) as unknown as Error,
  )
})

test('RFC 9112 6.3: content up to the close needs the close, and a second response is not content', () => {
  const open = Buffer.from('HTTP/1.1 200 OK\r\n\r\nabc')
  expect(takeResponse(open)).toBeUndefined()
  const { response } = takeResponse(open, { ended: true }) ?? {}
  expect([response?.framing, response?.text]).toEqual(['close', 'abc'])
  const one = 'HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n'
  expect(takeResponse(Buffer.from(one + one))?.used).toBe(one.length)
})
