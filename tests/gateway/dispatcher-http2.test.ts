// The request behind the content of a dispatched one may have come over HTTP/2, by Node's compatibility layer: it is
// continued, framed and given up as one of HTTP/1 is.
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { attach } from '@expectation/core/node'
import { type DispatcherOptions, type DispatchRequest, dispatcher } from '@expectation/gateway'
import { afterThisTest } from '../support/cleanup.js'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { answer, CONTINUE, rawUpstream, type Script } from './support/raw-upstream.js'

forbidStrayErrors()

/** A server of HTTP/2 that dispatches each request, and a session of a client with it. */
async function dispatching(script: Script, options: DispatcherOptions = {}) {
  const upstream = await rawUpstream(script)
  const asked = dispatcher({ continueTimeoutMs: 20_000, ...options })
  const told = latch<Error>()
  const server = http2.createServer((request, response) => {
    const { method, url: path } = request
    const given: DispatchRequest = { origin: upstream.origin, method, path, body: request }
    asked.request(given, (error, got) => {
      if (got === undefined) {
        told.open(error ?? new Error('nothing was told'))
        return
      }
      response.writeHead(got.statusCode)
      got.body.pipe(response)
    })
  })
  attach(server, {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  session.on('error', () => undefined)
  afterThisTest(async () => {
    asked.destroy()
    const closed = new Promise((resolve) => server.close(resolve))
    session.destroy()
    await closed
  })
  const put = (fields: http2.OutgoingHttpHeaders = {}, endStream = false) => {
    const stream = session.request({ ':method': 'PUT', ':path': '/a', ...fields }, { endStream })
    stream.on('error', () => undefined)
    return stream
  }
  return { upstream, put, told: () => within('an error', told.opened) }
}

const statusOf = (stream: http2.ClientHttp2Stream): Promise<unknown> =>
  within(
    'an answer',
    new Promise((resolve) => stream.once('response', (head) => resolve(head[':status']))),
  )

test('a client that leaves while its answer is waited for takes the upstream along', async () => {
  const arrived = latch()
  const { upstream, put, told } = await dispatching(
    async (connection) => {
      await connection.until('hello')
      arrived.open()
    },
    { ask: 'never' },
  )
  const stream = put()
  stream.end('hello')
  await within('the content', arrived.opened)
  stream.close(http2.constants.NGHTTP2_CANCEL)
  expect(await told()).toMatchObject({ code: 'UND_ERR_SOCKET' })
  await upstream.connections[0]?.closed()
})

test('one that asked gets its 100 when the upstream gave one, and its framing goes on', async () => {
  let head = ''
  const { put } = await dispatching(async (connection) => {
    head = await connection.head()
    connection.send(CONTINUE)
    await connection.content(5)
    connection.send(answer('201 Created'))
  })
  const stream = put({ expect: '100-continue', 'content-length': 5 })
  await within('a 100', new Promise((resolve) => stream.once('continue', resolve)))
  stream.end('hello')
  expect(await statusOf(stream)).toBe(201)
  expect(head).toMatch(/^Content-Length: 5\r\n/m)
})

test('one that asked and is refused gets no 100, and its content goes nowhere', async () => {
  const { upstream, put } = await dispatching(async (connection) => {
    await connection.head()
    connection.send(answer('413 Content Too Large'))
  })
  const stream = put({ expect: '100-continue', 'content-length': 5 })
  let continued = false
  stream.once('continue', () => {
    continued = true
  })
  expect(await statusOf(stream)).toBe(413)
  await upstream.connections[0]?.closed()
  expect([continued, upstream.connections[0]?.unread]).toEqual([false, ''])
})

test('one without content is dispatched without', async () => {
  let head = ''
  const { put } = await dispatching(async (connection) => {
    head = await connection.head()
    connection.send(answer('201 Created'))
  })
  expect(await statusOf(put({}, true))).toBe(201)
  expect(head).toMatch(/^Content-Length: 0\r\n/m)
  expect(head).not.toMatch(/^Transfer-Encoding/m)
})
