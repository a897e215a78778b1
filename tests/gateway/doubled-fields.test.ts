// Fields of an answer that come in several lines, to a client of HTTP/2. Node keeps them when they are set, and
// throws when the head goes: in a later turn, where nobody catches it.
import { keepConsoleErrors } from '../support/console.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { http2Front } from './support/http2-front.js'
import { answer, rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()
keepConsoleErrors()

/** Sends the same answer to each request. */
const answering = (...pieces: readonly string[]) =>
  rawUpstream(async (connection) => {
    for (;;) {
      await connection.head()
      for (const piece of pieces) {
        connection.send(piece)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  })

const twice = (name: string, one: string, two = one): string[] => [
  `${name}: ${one}`,
  `${name}: ${two}`,
]

test.each([
  ['X-Content-Type-Options', 'nosniff'],
  ['Access-Control-Allow-Credentials', 'true'],
  ['Access-Control-Max-Age', '60'],
  ['Access-Control-Request-Method', 'PUT'],
  ['Tk', 'N'],
  ['From', 'a'],
  ['User-Agent', 'a'],
  ['Upgrade-Insecure-Requests', '1'],
  ['Authorization', 'a'],
  ['DNT', '1'],
  ['If-Range', '"a"'],
  ['Max-Forwards', '1'],
  ['Range', 'bytes=0-0'],
  ['Referer', '/'],
  ['Host', 'a'],
  ['Content-Type', 'text/plain'],
  ['ETag', '"a"'],
])('two lines of %s reach it as one', async (name, value) => {
  const { origin } = await answering(answer('200 OK', 'hello', twice(name, value)))
  const { get } = await http2Front([origin])
  const got = await get()
  expect([got.content, got.reset, got.headers[name.toLowerCase()]]).toEqual(['hello', 0, value])
})

test('several lines stay several where that is allowed: no policy is lost', async () => {
  const lines = [
    ...twice('Content-Security-Policy', "img-src 'none'", "script-src 'none'"),
    ...twice('Set-Cookie', 'a=1', 'b=2'),
  ]
  const { origin } = await answering(answer('200 OK', 'hello', lines))
  const { get } = await http2Front([origin])
  expect((await get()).headers).toMatchObject({
    'content-security-policy': "img-src 'none', script-src 'none'",
    'set-cookie': ['a=1', 'b=2'],
  })
})

const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n'

test.each([
  ['alone', [`${HEAD}\r\n`, '5\r\nhello\r\n', '0\r\n\r\n']],
  ['with a piece of its content', [`${HEAD}\r\n5\r\nhello\r\n`, '0\r\n\r\n']],
  ['with all of it', [`${HEAD}\r\n5\r\nhello\r\n0\r\n\r\n`]],
  ['with half of it', [`${HEAD}\r\n5\r\nhello\r\nno chunk\r\n`]],
])('a head %s that Node will not write cuts the answer, and nothing else', async (_how, pieces) => {
  const { origin } = await answering(...pieces)
  const { get, outcome, server } = await http2Front([origin])
  // Set by another handler: nothing that the upstream has said.
  server.prependOnceListener('request', (_request, response) => {
    response.setHeader('X-Content-Type-Options', ['nosniff', 'nosniff'])
  })
  const got = await get()
  expect([got.headers[':status'], got.reset]).toEqual([undefined, 2])
  expect((await outcome()).attempts).toMatchObject([{ status: 200 }])
  expect((await get()).headers[':status']).toBe(200)
})
