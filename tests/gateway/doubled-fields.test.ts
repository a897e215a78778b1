// Fields that come in several lines, where they go on over HTTP/2. Node keeps those of an answer when they are
// set, and throws when the head goes: in a later turn, where nobody catches it.
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { http2Front } from './support/http2-front.js'
import { http2Upstream } from './support/http2-upstream.js'
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

// RFC 9110 section 5.3: lines of a list are one list, and content cannot be decoded by half of its codings.
test.each([
  ['Content-Encoding', 'gzip', 'br'],
  ['Content-Language', 'en', 'de'],
])('two lines of %s reach it as one list', async (name, one, two) => {
  const lines = twice(name, one, two)
  const { origin } = await answering(
    `HTTP/1.1 103 Early Hints\r\n${lines.join('\r\n')}\r\n\r\n${answer('200 OK', 'hello', lines)}`,
  )
  const { get } = await http2Front([origin])
  const both = { [name.toLowerCase()]: `${one}, ${two}` }
  const got = await get()
  expect([got.content, got.headers, got.informed]).toMatchObject(['hello', both, [both]])
})

describe('a request in several lines, to an upstream of HTTP/2', () => {
  const sent = async (name: string) => {
    let seen: readonly string[] = []
    const upstream = await http2Upstream((stream, lines) => {
      seen = lines
      stream.respond({ ':status': 204 }, { endStream: true })
    })
    const client = await RawClient.connect(await front([upstream], { http2: true }))
    const lines = twice(name, '"a"', '"b"')
    const { status } = await client.send(head({ method: 'GET', lines })).final()
    const key = name.toLowerCase()
    return { status, values: seen.filter((_, at) => at % 2 === 1 && seen[at - 1] === key) }
  }

  test.each(['If-None-Match', 'If-Match', 'Content-Encoding', 'Content-Language'])(
    '%s is a list (RFC 9110 section 5.3)',
    async (name) => {
      expect(await sent(name)).toEqual({ status: 204, values: ['"a", "b"'] })
    },
  )

  test.each(['Content-Type', 'User-Agent'])('%s is none: 400', async (name) => {
    expect(await sent(name)).toEqual({ status: 400, values: [] })
  })

  test('X-Any stays two lines', async () => {
    expect(await sent('X-Any')).toEqual({ status: 204, values: ['"a"', '"b"'] })
  })
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
