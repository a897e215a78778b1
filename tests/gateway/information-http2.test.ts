// Information responses for a client of HTTP/2: one may always be left out (RFC 9110 section 15.2), and Node throws
// for what it cannot send, out of an event of the upstream where nobody catches it.
import type { ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { http2Front } from './support/http2-front.js'
import { answer, rawUpstream } from './support/raw-upstream.js'
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

/** RFC 9113 section 4.1. */
const frame = (type: number, flags: number, stream: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** By hand, as the client of Node ends what it resets without an error. */
const POST = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  frame(0x4, 0, 0, Buffer.alloc(0)),
  // POST, http, /, and `a` as the authority (RFC 7541 section 6).
  frame(0x1, 0x4, 1, Buffer.from([0x83, 0x86, 0x84, 0x41, 0x01, 0x61])),
  frame(0x0, 0, 1, Buffer.alloc(1000)),
])
const RESET = frame(0x3, 0, 1, Buffer.alloc(4))

test('a client that resets its stream with NO_ERROR gives the upstream up', async () => {
  const asked = latch()
  const left = latch()
  const upstream = await rawUpstream(
    async (connection) => {
      await connection.head()
      asked.open()
      await left.opened
      connection.send(hints('Link: </a>') + answer('413 Content Too Large', 'no'))
    },
    async (connection) => {
      await connection.head()
      connection.send(answer('200 OK', 'ok'))
    },
  )
  const { server, get } = await http2Front([upstream.origin], { ask: 'always' })
  const streams: ServerHttp2Stream[] = []
  server.on('stream', (stream) => streams.push(stream))
  const client = await RawClient.connect(server.address() as AddressInfo)
  client.send(POST)
  await within('the head', asked.opened)
  client.send(RESET)
  await until('the reset', () => streams[0]?.closed === true)
  left.open()
  await upstream.connections[0]?.closed()
  expect((await get()).content).toBe('ok')
})
