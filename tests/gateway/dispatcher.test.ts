// `dispatcher` takes what undici's types say: fields and content in each of their forms, and `null`.
import http from 'node:http'
import { Readable } from 'node:stream'
import { attach } from '@expectation/core/node'
import { type DispatchRequest, dispatcher } from '@expectation/gateway'
import * as undici from 'undici'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { asking } from '../support/request.js'
import { latch, serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { dispatched } from './support/dispatched.js'
import { answer, rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()

/** What an upstream gets of a request, until some text. */
async function sent(request: Partial<DispatchRequest>, until = '\r\n\r\n'): Promise<string> {
  let seen = ''
  const { origin } = await rawUpstream(async (connection) => {
    seen = await connection.until(until)
    connection.send(answer('200 OK'))
  })
  await dispatched({ ask: 'never' }, { origin, method: 'PUT', path: '/a', ...request })
  return seen
}

const pairs: readonly (readonly [string, string | readonly string[] | undefined])[] = [
  ['X-One', '1'],
  ['X-Two', ['2', '3']],
  ['x-none', undefined],
  ['Host', 'a.test'],
  ['Connection', 'close'],
]

test.each([
  ['a record', Object.fromEntries(pairs)],
  ['pairs', pairs],
  ['an iterable', new Map(pairs)],
  ['a generator', pairs[Symbol.iterator]()],
  [
    'names and values by turns',
    ['X-One', '1', 'X-Two', '2', 'X-Two', '3', 'Host', 'a.test', 'Connection', 'close'],
  ],
])('fields as %s', async (_what, headers) => {
  expect(await sent({ headers })).toBe(
    'PUT /a HTTP/1.1\r\nHost: a.test\r\nX-One: 1\r\nX-Two: 2\r\nX-Two: 3\r\n' +
      'Content-Length: 0\r\nConnection: keep-alive\r\n\r\n',
  )
})

test('null is nothing', async () => {
  const seen = await sent({ headers: null, body: null, headersTimeout: null })
  expect(seen).toContain('Content-Length: 0\r\n')
})

test.each([
  ['a string', 'héllo', /Content-Length: 6\r\n/],
  ['bytes', Buffer.from('héllo'), /Content-Length: 6\r\n/],
  ['a stream', Readable.from([Buffer.from('héllo')]), /Transfer-Encoding: chunked\r\n/],
])('content as %s', async (_what, body, framing) => {
  const seen = await sent({ body }, 'héllo')
  expect(seen).toMatch(framing)
})

test.each([
  ['Node', FormData],
  ['undici', undici.FormData],
])('content as FormData of %s: its boundary is said (RFC 7578 section 4.1)', async (_of, Form) => {
  const body = new Form()
  body.append('name', 'a')
  body.append('file', new Blob(['hello']), 'b.txt')
  const seen = await sent({ body }, '\r\n0\r\n\r\n')
  const boundary = /^Content-Type: multipart\/form-data; boundary=(.+)\r$/m.exec(seen)?.[1]
  expect(seen.split(`--${boundary}`)).toHaveLength(4)
  expect(seen).toMatch(/name="name"\r\n\r\na\r\n/)
  expect(seen).toMatch(/name="file"; filename="b\.txt"\r\n.*\r\nhello\r\n/s)
})

test('what cannot be sent, and a missing callback, are told with a stable code', async () => {
  const asked = dispatcher()
  const to = { origin: 'http://127.0.0.1:1', method: 'PUT', path: '/' }
  const code = 'ERR_EXPECTATION_INVALID_OPTION'
  const wrong = { ...to, body: 5 as never }
  expect(() => asked.request(wrong, () => undefined)).toThrow(expect.objectContaining({ code }))
  for (const headers of ['a: b', ['a'], new Date(), { a: {} }]) {
    const request = { ...to, headers: headers as never }
    expect(() => asked.request(request, () => undefined)).toThrow(
      expect.objectContaining({ code, option: 'headers' }),
    )
  }
  await expect(asked.request(to)).rejects.toMatchObject({ code, option: 'callback' })
})

test('a client that leaves while its answer is waited for takes the upstream along', async () => {
  const arrived = latch()
  const upstream = await rawUpstream(async (connection) => {
    await connection.until('hello')
    arrived.open()
  })
  const asked = dispatcher({ ask: 'never' })
  afterThisTest(() => asked.destroy())
  const told = latch<Error | null>()
  const server = http.createServer((request, response) => {
    const { method = '', url: path = '', headers } = request
    const { origin } = upstream
    asked.request({ origin, method, path, headers, body: request }, (error) => told.open(error))
    response.on('error', () => undefined)
  })
  const client = await RawClient.connect(await serve(attach(server)))
  await client.send(asking()).continue()
  client.send('hello')
  await within('the content to arrive', arrived.opened)
  client.reset()
  expect(await within('the callback', told.opened)).toMatchObject({ code: 'UND_ERR_SOCKET' })
  await upstream.connections[0]?.closed()
})

test.each([
  ['longer', 'helloGET /b HTTP/1.1\r\n\r\n'],
  ['shorter', 'hell'],
])('content that is %s than declared reaches nobody as another request', async (_what, content) => {
  let seen = ''
  const { origin } = await rawUpstream(async (connection) => {
    connection.socket.on('data', (bytes) => {
      seen += bytes.toString('latin1')
    })
    await connection.closed()
  })
  const asked = dispatcher({ ask: 'never' })
  afterThisTest(() => asked.destroy())
  const headers = { 'content-length': '5' }
  const body = Readable.from([Buffer.from(content.slice(0, 3)), Buffer.from(content.slice(3))])
  const error = await new Promise((resolve) => {
    asked.request({ origin, method: 'PUT', path: '/a', headers, body }, resolve)
  })
  expect(error).toMatchObject({ code: 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH' })
  expect(seen).not.toContain('GET')
})
