// A network that goes without a word leaves a connection that looks well. A session of HTTP/2 (RFC 9113 section 9.1)
// on which nothing moved in time takes no new request, or every one would be late on it for as long as some come.
import http from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import { Readable } from 'node:stream'
import { attach } from '@expectation/core/node'
import { gateway } from '@expectation/gateway'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'
import { standStill } from '../support/stand-still.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { data, fields, framesUpstream } from './support/frames-upstream.js'
import { front } from './support/front.js'
import { http2Upstream } from './support/http2-upstream.js'
import { until } from './support/until.js'

forbidStrayErrors()
keepConsoleErrors()

const LATE_MS = 200
const options = { http2: true, responseTimeoutMs: LATE_MS, idleTimeoutMs: LATE_MS } as const
const ok = [fields({ ':status': '200' }, false), data('ok', true)]
const get = head({ method: 'GET' })
const lines = ['Connection: close']
// More than the window that the upstream has given (section 6.9.2), and it gives no more.
const upload = head({ length: 100_000, lines }) + 'x'.repeat(100_000)

test.each([
  ['no answer', head({ method: 'GET', lines }), [], 504, 20_000],
  ['no content is taken', upload, [], 504, LATE_MS],
  [
    'the answer stops',
    get,
    [fields({ ':status': '200' }, false), data('half', false)],
    200,
    LATE_MS,
  ],
] as const)(
  '%s: the next request has a connection of its own',
  async (_what, text, frames, status, idleTimeoutMs) => {
    const { origin, connections } = await framesUpstream(frames, ok)
    const running = await front([origin], { ...options, idleTimeoutMs, ask: 'never' })
    const first = await RawClient.connect(running)
    expect(await first.send(text).over()).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    const second = await RawClient.connect(running)
    expect((await second.send(get).final()).text).toBe('ok')
    expect(connections).toHaveLength(2)
    // The last stream of a session that nobody comes to any more ends it.
    await connections[0]?.closed()
  },
)

test('no window is given back for refused content: the next request has a connection of its own', async () => {
  const refused = [fields({ ':status': '403' }, false), data('no', true)]
  const { origin, connections } = await framesUpstream(refused, refused, ok)
  const running = await front([origin], { http2: true, ask: 'never' })
  for (const length of [30_000, 30_000]) {
    const client = await RawClient.connect(running)
    const text = head({ length, lines }) + 'x'.repeat(length)
    expect(await client.send(text).over()).toMatch(/^HTTP\/1.1 403 /)
  }
  expect(connections).toHaveLength(1)
  const client = await RawClient.connect(running)
  expect((await client.send(get).final()).text).toBe('ok')
  expect(connections).toHaveLength(2)
  // Not after the time for idle sessions: each refusal may bring another.
  await connections[0]?.closed()
})

function endless(): Readable {
  const piece = Buffer.alloc(65_536)
  return new Readable({
    read() {
      this.push(piece)
    },
  })
}

/** `/slow` is answered when there is another request; `/never` is not; `/ticks` goes on for ever. */
async function slowUpstream() {
  const sessions = new Set<unknown>()
  const slow: ServerHttp2Stream[] = []
  const origin = await http2Upstream((stream, lines) => {
    sessions.add(stream.session)
    stream.on('error', () => undefined)
    const path = lines[lines.indexOf(':path') + 1]
    if (path === '/slow') slow.push(stream)
    if (path === '/slow' || path === '/never') return
    if (path === '/ticks') {
      stream.respond({ ':status': 200 })
      const ticking = setInterval(() => stream.write('.'), LATE_MS / 4)
      stream.once('close', () => clearInterval(ticking))
      return
    }
    for (const each of [...slow.splice(0), stream]) {
      each.respond({ ':status': 200 })
      if (path === '/long') endless().pipe(each)
      else each.end('ok')
    }
  })
  return { origin, sessions, slow }
}

const target = (path: string): string => head({ method: 'GET', target: path })

test('one that is late alone: the others of its session get their answers', async () => {
  const { origin, sessions, slow } = await slowUpstream()
  const { port } = await front([origin], { http2: true, responseTimeoutMs: 1000 })
  const hasty = await RawClient.connect({ port })
  hasty.send(target('/never'))
  await until('a session', () => sessions.size === 1)
  await new Promise((resolve) => setTimeout(resolve, 500))
  const patient = await RawClient.connect({ port })
  patient.send(target('/slow'))
  await until('another stream', () => slow.length === 1)
  expect((await hasty.final()).status).toBe(504)
  const next = await RawClient.connect({ port })
  expect((await next.send(get).final()).text).toBe('ok')
  expect((await patient.final()).text).toBe('ok')
  expect(sessions.size).toBe(2)
})

test('an answer that its client does not take says nothing about the session', async () => {
  const { origin, sessions } = await slowUpstream()
  // Twenty ticks long: a machine that is busy delays some of them.
  const patience = { responseTimeoutMs: 5 * LATE_MS, idleTimeoutMs: 5 * LATE_MS }
  const { port, outcome } = await front([origin], { ...options, ...patience })
  // Else the session would be idle by itself.
  const moving = await RawClient.connect({ port })
  moving.send(target('/ticks'))
  await until('a session', () => sessions.size === 1)
  const idle = await RawClient.connect({ port })
  idle.stopReading()
  idle.send(target('/long'))
  await outcome()
  const next = await RawClient.connect({ port })
  expect((await next.send(get).final()).text).toBe('ok')
  expect(sessions.size).toBe(1)
})

test('a session that connected while the process stood still was not late', async () => {
  const { origin } = await framesUpstream(ok)
  const relay = gateway({ upstreams: [origin], http2: true, connectTimeoutMs: LATE_MS })
  const server = http.createServer((request, response) => {
    relay(request, response)
    setImmediate(() => standStill(2 * LATE_MS))
  })
  const client = await RawClient.connect(await serve(attach(server, {})))
  expect((await client.send(get).final()).text).toBe('ok')
})
