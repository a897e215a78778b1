// RFC 9113 section 5.1.2: a client does not open more streams than the server takes at once. What waits for a
// stream is not connected: it is not read, no clock of its question runs, and the others may take their time.
import http2, { type ServerHttp2Stream } from 'node:http2'
import type net from 'node:net'
import tls from 'node:tls'
import { EarlyAnswerAgent, upload } from '@expectation/client'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { http2Origin } from './http2-origin.js'
import { counting } from './upload-server.js'

forbidStrayErrors()

const SIZE = 300_000
/** Each is over long before the stream that is waited for is free. */
const SHORT = { continueTimeoutMs: 30, connectTimeoutMs: 100, idleTimeoutMs: 100 } as const
const LONG_MS = 500
const once = { retry: false } as const
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Takes so many streams at once. `/slow` is answered when the test says so, `/full` is refused at once. */
async function origin(maxConcurrentStreams: number) {
  const server = http2.createSecureServer({ ...certificate, settings: { maxConcurrentStreams } })
  const slow = latch()
  const slowIsThere = latch()
  const paths: string[] = []
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    const path = String(headers[':path'])
    paths.push(path)
    stream.on('error', () => undefined)
    if (path === '/full') {
      stream.respond({ ':status': 413 })
      stream.end('no')
      return
    }
    if (headers.expect !== undefined) stream.additionalHeaders({ ':status': 100 })
    stream.resume()
    stream.on('end', async () => {
      if (path === '/slow') {
        slowIsThere.open()
        await slow.opened
      }
      if (stream.destroyed) return
      stream.respond({ ':status': 200 })
      stream.end('ok')
    })
  })
  return { ...(await http2Origin(server)), slow, slowIsThere, paths }
}

type Origin = Awaited<ReturnType<typeof origin>>

/** An upload that holds a stream until it is let go. */
async function hold({ url, agent, slow, slowIsThere }: Origin) {
  const held = upload(`${url}slow`, { agent, body: 'held', ...once })
  await within('the server to have it', slowIsThere.opened)
  const letGo = async (): Promise<void> => {
    slow.open()
    expect((await within('the first one', held)).status).toBe(200)
  }
  return { held, letGo }
}

test.each([true, false])('asks: %p: it waits unread, and no clock runs', async (expect_) => {
  const at = await origin(1)
  const { letGo } = await hold(at)
  const { stream, reads } = counting(SIZE)
  const waiting = upload(`${at.url}full`, {
    agent: at.agent,
    body: stream,
    expect: expect_,
    ...SHORT,
    ...once,
  })
  await pause(LONG_MS)
  expect([reads(), at.paths]).toEqual([0, ['/slow']])
  await letGo()
  const response = await within('an answer', waiting)
  expect(response.status).toBe(413)
  expect(response.upload.attempts).toMatchObject([
    { asked: expect_, verdict: expect_ ? 'answer' : 'none', status: 413 },
  ])
  if (expect_) expect([reads(), response.upload.sentBytes]).toEqual([0, 0])
})

test('the origin is not remembered as silent: the next upload asks', async () => {
  const at = await origin(1)
  const { letGo } = await hold(at)
  // Over before its stream is free, and longer than a busy machine stands still.
  const continueTimeoutMs = 500
  const options = { agent: at.agent, body: Buffer.alloc(SIZE), continueTimeoutMs, ...once }
  const waiting = [upload(`${at.url}a`, options), upload(`${at.url}b`, options)]
  await pause(2 * continueTimeoutMs)
  await letGo()
  for (const response of await within('answers', Promise.all(waiting))) {
    expect(response.upload.attempts).toMatchObject([{ asked: true, verdict: 'continue' }])
    await response.text()
  }
  const later = await within('an answer', upload(`${at.url}c`, options))
  expect(later.upload.attempts).toMatchObject([{ asked: true, verdict: 'continue' }])
  expect(at.paths).toEqual(['/slow', '/a', '/b', '/c'])
})

test('many at once to an origin that is not known yet: none is refused', async () => {
  const at = await origin(1)
  const options = { agent: at.agent, body: Buffer.alloc(SIZE), ...once }
  const all = Array.from({ length: 6 }, (_each, index) => upload(`${at.url}${index}`, options))
  for (const response of await within('answers', Promise.all(all))) {
    expect(await response.text()).toBe('ok')
    expect(response.upload.attempts).toHaveLength(1)
  }
})

test('SETTINGS that take more let it go at once', async () => {
  const at = await origin(1)
  const { letGo } = await hold(at)
  const waiting = upload(`${at.url}full`, { agent: at.agent, body: 'a', ...once })
  await pause(50)
  for (const session of at.sessions) session.settings({ maxConcurrentStreams: 2 })
  expect((await within('an answer', waiting)).status).toBe(413)
  await letGo()
})

test('`signal` ends the wait, and the next one has its turn', async () => {
  const at = await origin(1)
  const { letGo } = await hold(at)
  const controller = new AbortController()
  const { stream, reads } = counting(SIZE)
  const { signal } = controller
  const given = upload(`${at.url}a`, { agent: at.agent, body: stream, signal, ...once })
  const next = upload(`${at.url}b`, { agent: at.agent, body: 'b', ...once })
  await pause(50)
  controller.abort(new Error('enough'))
  await expect(within('the end', given)).rejects.toThrow('enough')
  await letGo()
  expect((await within('an answer', next)).status).toBe(200)
  expect([reads(), at.paths]).toEqual([0, ['/slow', '/b']])
})

test('GOAWAY while it waits (section 6.8): repeated on a new session, POST and stream, too', async () => {
  const at = await origin(1)
  const { letGo } = await hold(at)
  const { stream } = counting(SIZE)
  const retry = { attempts: 2, minDelayMs: 1, maxDelayMs: 1 }
  const options = { method: 'POST', agent: at.agent, body: stream, retry }
  const waiting = upload(`${at.url}a`, options)
  await pause(50)
  for (const session of at.sessions) session.goaway(http2.constants.NGHTTP2_NO_ERROR)
  const response = await within('an answer', waiting)
  expect(response.upload).toMatchObject({
    sentBytes: SIZE,
    attempts: [{ error: 'connection_lost', sentBytes: 0 }, { status: 200 }],
  })
  await letGo()
  expect(at.sessions.size).toBe(2)
})

test('agent.destroy() ends the wait', async () => {
  const at = await origin(1)
  const { held } = await hold(at)
  const ends = [held, upload(`${at.url}a`, { agent: at.agent, body: 'a', ...once })]
  await pause(50)
  const settled = Promise.allSettled(ends)
  at.agent.destroy()
  const lost = { status: 'rejected', reason: { code: 'connection_lost' } }
  expect(await within('the end', settled)).toMatchObject([lost, lost])
})

test('a server that takes none, with none under way: connect_timeout', async () => {
  const at = await origin(10)
  await (await upload(`${at.url}a`, { agent: at.agent, body: 'a' })).text()
  for (const session of at.sessions) {
    await new Promise((resolve) => session.settings({ maxConcurrentStreams: 0 }, resolve))
  }
  const uploaded = upload(`${at.url}b`, { agent: at.agent, body: 'b', ...SHORT, ...once })
  await expect(within('the end', uploaded)).rejects.toMatchObject({ code: 'connect_timeout' })
})

test('a server that never says how many: those behind the first one do not wait for it', async () => {
  const server = tls.createServer({ ...certificate, ALPNProtocols: ['h2'] }, (socket) => {
    afterThisTest(() => void socket.destroy())
    socket.on('error', () => undefined)
    socket.resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const agent = new EarlyAnswerAgent.Secure({ ca: certificate.cert })
  afterThisTest(() => new Promise<void>((resolve) => void server.close(() => resolve())))
  afterThisTest(() => agent.destroy())
  const url = `https://localhost:${(server.address() as net.AddressInfo).port}/`
  const controller = new AbortController()
  const first = upload(url, { agent, body: 'a', signal: controller.signal, ...once })
  await pause(200)
  const second = upload(url, { agent, body: 'b', ...SHORT, ...once })
  await expect(within('the end', second)).rejects.toMatchObject({ code: 'connect_timeout' })
  controller.abort(new Error('enough'))
  await expect(within('the end', first)).rejects.toThrow('enough')
})
