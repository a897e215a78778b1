// Information responses for a client of HTTP/2: one may always be left out (RFC 9110 section 15.2), and Node throws
// for what it cannot send, out of an event of the upstream where nobody catches it.
import type { ServerHttp2Stream } from 'node:http2'
import { keepConsoleErrors } from '../support/console.js'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { http2Front } from './support/http2-front.js'
import { answer, rawUpstream, type Script } from './support/raw-upstream.js'
import { until } from './support/until.js'

forbidStrayErrors()
keepConsoleErrors()

const hints = (...lines: readonly string[]): string =>
  `HTTP/1.1 103 Early Hints\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`

test.each([
  ['X-Content-Type-Options', 'nosniff', 'nosniff', 'nosniff'],
  ['ETag', '"a"', '"b"', '"b"'],
  ['Link', '</a>', '</b>', '</a>, </b>'],
])('a 103 with two lines of %s', async (name, one, two, both) => {
  const { origin } = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(hints(`${name}: ${one}`, `${name}: ${two}`) + answer('200 OK', 'ok'))
  })
  const { get } = await http2Front([origin])
  const got = await get()
  expect([got.content, got.informed]).toMatchObject([
    'ok',
    [{ ':status': 103, [name.toLowerCase()]: both }],
  ])
})

/** An upload that is under way to an upstream that has stopped taking it: what came of it waits to be read. */
async function stalled(script: Script) {
  const asked = latch()
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.socket.pause()
    asked.open()
    await script(connection)
  })
  const { server, session, outcome } = await http2Front([upstream.origin], { ask: 'never' })
  const streams: ServerHttp2Stream[] = []
  server.on('stream', (stream) => streams.push(stream))
  const put = session.request({ ':method': 'PUT', ':path': '/a' })
  put.on('error', () => undefined)
  put.write(Buffer.alloc(30_000_000))
  await within('the head', asked.opened)
  await until('a full buffer', () => (streams[0]?.readableLength ?? 0) >= 65_535)
  /** Node resets so what it destroys without an error. */
  const leave = async (): Promise<void> => {
    put.destroy()
    await until('the reset', () => streams[0]?.closed === true)
    expect(streams[0]?.rstCode).toBe(0)
  }
  return { upstream, leave, outcome, streams }
}

test('a 103 for a client that has reset its stream with NO_ERROR goes nowhere', async () => {
  const left = latch()
  const { upstream, leave, outcome } = await stalled(async (connection) => {
    await left.opened
    connection.send(hints('Link: </a>'))
    setTimeout(() => connection.socket.resume(), 100)
  })
  await leave()
  left.open()
  expect((await outcome()).clientGone).toBe(true)
  await upstream.connections[0]?.closed()
})

test('such a client is noticed though its upstream takes nothing, and no content stays', async () => {
  const { upstream, leave, outcome, streams } = await stalled((connection) => connection.closed())
  await leave()
  expect((await outcome()).clientGone).toBe(true)
  upstream.connections[0]?.socket.resume()
  await upstream.connections[0]?.closed()
  await until('the end of the stream', () => streams[0]?.destroyed === true)
})
