// A network that goes without a word leaves a connection that looks well. A session of HTTP/2 (RFC 9113 section
// 9.1) on which nothing moved in time takes no new request, so that a repetition has a chance.
import http2, { type ServerHttp2Stream } from 'node:http2'
import { type UploadOptions, upload } from '@expectation/client'
import { until } from '../gateway/support/until.js'
import { certificate } from '../support/certificate.js'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { framesOrigin } from './http2-frames.js'
import { http2Origin } from './http2-origin.js'

forbidStrayErrors()

const LATE_MS = 100
const once = { retry: false, expect: false } as const
const twice = { retry: { attempts: 2, minDelayMs: 1, maxDelayMs: 1 }, expect: false } as const

const late: readonly (readonly [string, UploadOptions])[] = [
  ['response_timeout', { body: 'small', responseTimeoutMs: LATE_MS }],
  // More than the window that the server has given (section 6.9.2), and it gives no more.
  ['idle_timeout', { body: Buffer.alloc(100_000), idleTimeoutMs: LATE_MS }],
]

test.each(late)('%s: the next attempt has a connection of its own', async (code, options) => {
  const { url, agent, sockets } = await framesOrigin()
  const uploaded = upload(url, { agent, ...options, ...twice })
  await expect(within('the end', uploaded)).rejects.toMatchObject({
    code,
    upload: { attempts: [{ error: code }, { error: code }] },
  })
  expect(sockets).toHaveLength(2)
})

test('connect_timeout of one whose turn did not come: the same', async () => {
  const { url, agent, sockets } = await framesOrigin({ settings: false })
  const first = upload(url, { agent, body: 'a', ...once })
  first.catch(() => undefined)
  await within('the first connection', connections(sockets, 1))
  const second = upload(url, { agent, body: 'b', connectTimeoutMs: LATE_MS, ...twice })
  second.catch(() => undefined)
  await within('another connection', connections(sockets, 2))
  agent.destroy()
  await expect(within('the end', first)).rejects.toMatchObject({ code: 'connection_lost' })
  await expect(within('the end', second)).rejects.toMatchObject({
    upload: { attempts: [{ error: 'connect_timeout' }, {}] },
  })
})

async function connections(sockets: readonly unknown[], many: number): Promise<void> {
  const lookMs = 10
  while (sockets.length < many) await new Promise((resolve) => setTimeout(resolve, lookMs))
}

test('no window is given back for refused content: the next upload has a connection of its own', async () => {
  const { url, agent, sockets, frames, answer } = await framesOrigin()
  for (const heads of [1, 2, 3]) {
    const uploaded = upload(url, { agent, body: Buffer.alloc(30_000), ...once })
    const ended = () => frames.filter((frame) => frame === 'DATA END_STREAM').length
    await until('the end of its content', () => ended() === heads)
    answer(403, true)
    expect((await within('an answer', uploaded)).status).toBe(403)
  }
  expect(sockets).toHaveLength(2)
})

test('an answer that stops: its reader is told, and the next upload goes elsewhere', async () => {
  const { url, agent, sockets, reach, answer } = await framesOrigin()
  const first = upload(url, { agent, body: 'a', idleTimeoutMs: LATE_MS, ...once })
  await reach('DATA END_STREAM')
  answer(200, false)
  const response = await within('an answer', first)
  await expect(within('the end', response.text())).rejects.toThrow()
  const second = upload(url, { agent, body: 'b', responseTimeoutMs: LATE_MS, ...once })
  await expect(within('the end', second)).rejects.toMatchObject({ code: 'response_timeout' })
  expect(sockets).toHaveLength(2)
})

/** `/long` has a long answer; `/slow` none, until there is another request. */
async function origin() {
  const server = http2.createSecureServer(certificate)
  const slow = new Set<ServerHttp2Stream>()
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    stream.resume()
    if (headers[':path'] === '/slow') {
      slow.add(stream)
      return
    }
    stream.respond({ ':status': 200 })
    stream.end(headers[':path'] === '/long' ? Buffer.alloc(1_000_000) : 'ok')
    for (const each of slow) {
      slow.delete(each)
      if (each.destroyed) continue
      each.respond({ ':status': 200 })
      each.end('slow')
    }
  })
  return await http2Origin(server)
}

test('one that is late alone: the others of its session get their answers', async () => {
  const { url, agent, sessions } = await origin()
  const patient = upload(`${url}slow`, { agent, body: 'a', ...once })
  const hasty = upload(`${url}slow`, { agent, body: 'b', responseTimeoutMs: LATE_MS, ...once })
  await expect(within('the end', hasty)).rejects.toMatchObject({ code: 'response_timeout' })
  const next = await within('an answer', upload(url, { agent, body: 'c', ...once }))
  expect(await next.text()).toBe('ok')
  expect(await (await within('the first answer', patient)).text()).toBe('slow')
  expect(sessions.size).toBe(2)
})

test('an answer that nobody reads says nothing about its session', async () => {
  const { url, agent, sessions } = await origin()
  const options = { agent, body: 'a', idleTimeoutMs: LATE_MS, ...once }
  const unread = await within('an answer', upload(`${url}long`, options))
  await new Promise((resolve) => setTimeout(resolve, 5 * LATE_MS))
  await expect(within('the end', unread.text())).rejects.toThrow()
  const next = await within('an answer', upload(url, { agent, body: 'b', ...once }))
  expect(await next.text()).toBe('ok')
  expect(sessions.size).toBe(1)
})
