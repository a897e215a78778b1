// Nothing of the client's framing is copied: whatever it writes, the upstream sees the one request that
// the gateway read, framed once, or none (RFC 9112 section 11.2).
import { RawClient } from '../support/raw-client.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { answer, CONTINUE, rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: evil\r\n\r\n'

interface Seen {
  readonly heads: readonly string[]
  readonly contents: readonly string[]
  readonly connections: number
}

/** So many turns of the event loop, in which whatever is to come of some bytes comes. */
const TURNS = 12

/**
 * Sends the bytes, closes the sending side, and says what the upstream made of it. One that is whole is
 * answered first; a message that never ends is cut by the close.
 */
async function seenBehind(
  bytes: string,
  { whole }: { readonly whole: boolean },
): Promise<Seen & { readonly answered: string }> {
  const heads: string[] = []
  const contents: string[] = []
  const upstream = await rawUpstream(async (connection) => {
    for (;;) {
      const head = await connection.head()
      heads.push(head)
      if (/^expect:/im.test(head)) connection.send(CONTINUE)
      const length = /^content-length: (\d+)\r$/im.exec(head)?.[1]
      const chunked = /^transfer-encoding: chunked\r$/im.test(head)
      if (length !== undefined) contents.push(await connection.content(Number(length)))
      if (chunked) contents.push(await connection.until('0\r\n\r\n'))
      connection.send(answer('200 OK', 'ok'))
    }
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  client.send(bytes)
  if (whole) await client.final()
  else for (let turn = 0; turn < TURNS; turn += 1) await nextTurn()
  client.halfClose()
  const answered = await client.over()
  return { heads, contents, answered, connections: upstream.connections.length }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 4))

const post = (lines: readonly string[], content: string): string =>
  `POST /a HTTP/1.1\r\nHost: a\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n${content}`

const NONE: readonly (readonly [string, string])[] = [
  [
    'both framings',
    post(['Content-Length: 6', 'Transfer-Encoding: chunked'], `0\r\n\r\n${SMUGGLED}`),
  ],
  [
    'both, the other way round',
    post(['Transfer-Encoding: chunked', 'Content-Length: 6'], `0\r\n\r\n${SMUGGLED}`),
  ],
  ['two lengths', post(['Content-Length: 0', 'Content-Length: 44'], SMUGGLED)],
  ['a list of lengths', post(['Content-Length: 0, 44'], SMUGGLED)],
  ['a signed length', post(['Content-Length: +44'], SMUGGLED)],
  ['a length in hexadecimal', post(['Content-Length: 0x2c'], SMUGGLED)],
  [
    'chunked, then identity',
    post(['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${SMUGGLED}`),
  ],
  ['an unknown coding alone', post(['Transfer-Encoding: xchunked'], `0\r\n\r\n${SMUGGLED}`)],
  [
    'chunked twice',
    post(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], `0\r\n\r\n${SMUGGLED}`),
  ],
  ['a space before the colon', post(['Transfer-Encoding : chunked'], `0\r\n\r\n${SMUGGLED}`)],
  [
    'a vertical tab in the coding',
    post(['Transfer-Encoding: \x0bchunked'], `0\r\n\r\n${SMUGGLED}`),
  ],
  ['a folded framing line', post(['Transfer-Encoding:', ' chunked'], `0\r\n\r\n${SMUGGLED}`)],
  ['a bare line feed in a head', `POST /a HTTP/1.1\nHost: a\nContent-Length: 0\n\n${SMUGGLED}`],
  ['a chunk size with junk', post(['Transfer-Encoding: chunked'], `0x\r\n\r\n${SMUGGLED}`)],
  ['a NUL in a field', post(['X: a\0b', 'Content-Length: 0'], '')],
  ['two hosts', 'GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
  ['a fragment in the target', 'GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['no path', 'GET a.b HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
]

test.each(NONE)('%s: the upstream sees no second request', async (_what, bytes) => {
  const { heads, answered } = await seenBehind(bytes, { whole: false })
  // A server may have read the first request, and answered it; what stood in its content is content.
  expect(heads.filter((head) => head.includes('smuggled'))).toEqual([])
  expect(heads.length).toBeLessThanOrEqual(1)
  expect(answered).not.toContain('HTTP/1.1 200')
})

test.each([
  [
    'Content-Length named by Connection',
    ['Connection: Content-Length', `Content-Length: ${SMUGGLED.length}`],
    SMUGGLED,
  ],
  [
    'Transfer-Encoding named by Connection',
    ['Connection: Transfer-Encoding', 'Transfer-Encoding: chunked'],
    `2c\r\n${SMUGGLED.padEnd(44)}\r\n0\r\n\r\n`,
  ],
  [
    'Host and Expect named by Connection',
    ['Connection: Host, Expect', 'Content-Length: 5'],
    'hello',
  ],
  ['capitals in the coding', ['Transfer-Encoding: CHUNKED'], '5\r\nhello\r\n0\r\n\r\n'],
  ['a chunk extension', ['Transfer-Encoding: chunked'], '5;a="b"\r\nhello\r\n0\r\n\r\n'],
  [
    'a trailer that frames',
    ['Transfer-Encoding: chunked'],
    '5\r\nhello\r\n0\r\nHost: trailer\r\n\r\n',
  ],
] as const)('%s: one request, framed once', async (_what, lines, content) => {
  const sent = post(lines, content)
  const { heads, contents, connections } = await seenBehind(sent, { whole: true })
  expect([heads.length, contents.length, connections]).toEqual([1, 1, 1])
  const [head = ''] = heads
  expect(head.match(/^(content-length|transfer-encoding):/gim)).toHaveLength(1)
  expect(head).toMatch(/^POST \/a HTTP\/1\.1\r\nHost: 127/)
  expect(contents[0]).not.toMatch(/;a=|^Host: trailer/m)
})

test('a coding before chunked is not understood: 501, and nothing of it is relayed (RFC 9112 section 6.1)', async () => {
  const lines = ['Transfer-Encoding: gzip, chunked', 'Expect: 100-continue']
  const { heads, answered } = await seenBehind(post(lines, ''), { whole: false })
  expect([heads, answered.slice(0, 12)]).toEqual([[], 'HTTP/1.1 501'])
})
