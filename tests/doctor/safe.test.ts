// What the doctor may never do: it changes nothing, asks one thing at a time, and leaves no content owed on
// a connection that is kept.
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { attach } from '@expectation/core/node'
import { doctor, OptionError } from '@expectation/doctor'
import { createFeed, openStorage } from '@expectation/example-uploads-kit'
import { createApp } from '../../examples/express-uploads/src/server.js'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { serve } from '../support/server.js'

jest.setTimeout(30_000)

interface Watched {
  readonly heads: readonly string[]
  /** Connections on which an answer was kept and content was not sent to its end. */
  readonly owing: readonly string[]
  readonly mostOpen: number
}

/** A server that keeps whatever it may, counts what is owed, and refuses all from the head. */
async function watching(): Promise<{ readonly url: string; seen(): Watched }> {
  const heads: string[] = []
  const owing = new Map<net.Socket, string>()
  let open = 0
  let mostOpen = 0
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    open += 1
    mostOpen = Math.max(mostOpen, open)
    let text = ''
    let left = 0
    socket.on('error', () => undefined)
    socket.on('close', () => {
      open -= 1
    })
    socket.on('end', () => socket.end())
    socket.on('data', (bytes: Buffer) => {
      const taken = Math.min(left, bytes.length)
      left -= taken
      if (left === 0) owing.delete(socket)
      text += bytes.toString('latin1', taken)
      const end = text.indexOf('\r\n\r\n')
      if (end === -1) return
      const head = text.slice(0, end)
      heads.push(head)
      const announced = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
      left = Math.max(0, announced - (text.length - end - 4))
      text = ''
      const close = /^connection: close/im.test(head) || head.includes('HTTP/1.0')
      if (left > 0 && !close) owing.set(socket, head.split('\r\n')[0] ?? '')
      socket.write(
        `HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n${close ? 'Connection: close\r\n' : ''}\r\n`,
      )
      if (close) socket.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const sockets = new Set<net.Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  afterThisTest(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as net.AddressInfo
  const seen = (): Watched => ({ heads, owing: [...owing.values()], mostOpen })
  return { url: `http://127.0.0.1:${port}`, seen }
}

test('RFC 9112 section 9.3: nothing is owed on a connection that is kept', async () => {
  const { url, seen } = await watching()
  const report = await doctor(url, { accepts: 'PUT /take' })
  const { heads, owing } = seen()
  expect(owing).toEqual([])
  expect(heads).toHaveLength(report.requests)
  expect(report.requests).toBeLessThanOrEqual(14)
})

test('one request at a time, each by the same name, none to an address that is there', async () => {
  const { url, seen } = await watching()
  await doctor(`${url}/files/?key=1`)
  const { heads, mostOpen } = seen()
  expect(mostOpen).toBe(1)
  for (const head of heads) {
    expect(head).toMatch(/^[A-Z]+ \/files\/doctor-[0-9a-f]{8}\/none\?key=1 HTTP\/1\.[01]\r\n/)
    expect(head).toContain('\r\nUser-Agent: expectation-doctor')
    // RFC 9110 section 13.1.1: who would store it has to answer 412.
    if (head.startsWith('PUT')) expect(head).toMatch(/\r\nIf-Match: "doctor-[0-9a-f]{8}"/)
  }
})

test('--desync, and only it, may send a request in the place of owed content', async () => {
  const { url, seen } = await watching()
  const report = await doctor(url, { desync: true })
  expect(seen().owing).toHaveLength(1)
  expect(report.findings.map(({ id }) => id)).toContain('D1602')
})

test('the service of `npm start`, with its token: no file is changed, no connection left', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-doctor-files-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  const feed = createFeed()
  afterThisTest(() => feed.close())
  const storage = await openStorage(folder)
  const app = createApp({ storage, feed, token: 'right', log: () => {}, logFailure: () => {} })
  const server = attach(http.createServer(app))
  let open = 0
  server.on('connection', (socket) => {
    open += 1
    socket.on('close', () => {
      open -= 1
    })
  })
  const { url } = await serve(server)
  const before = readdirSync(folder)
  const headers = { Authorization: 'Bearer right', 'Content-Type': 'video/mp4' }
  const report = await doctor(`${url}/files`, { headers })
  expect(report.well).toBe(true)
  expect(readdirSync(folder)).toEqual(before)
  for (let tries = 0; open > 0 && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(open).toBe(0)
})

test('a signal ends the run at once, with its reason', async () => {
  const server = http.createServer(() => undefined)
  const { url } = await serve(server)
  const leaving = new AbortController()
  const reason = new Error('enough')
  void once(server, 'request').then(() => leaving.abort(reason))
  await expect(doctor(url, { signal: leaving.signal, timeoutMs: 20_000 })).rejects.toBe(reason)
})

test('with everything that can be asked for it is fourteen requests at most', async () => {
  const server = http2.createSecureServer({ ...certificate, allowHTTP1: true })
  const sessions = new Set<http2.ServerHttp2Session>()
  server.on('session', (session) => sessions.add(session))
  let requests = 0
  const answer = (request: { resume(): unknown }, response: http2.Http2ServerResponse): void => {
    requests += 1
    request.resume()
    response.writeHead(404).end()
  }
  server.on('request', answer)
  server.on('checkContinue', answer)
  server.on('checkExpectation', answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(async () => {
    for (const session of sessions) session.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as net.AddressInfo
  const options = { insecure: true, desync: true, accepts: 'PUT /take', timeoutMs: 1_000 }
  const report = await doctor(`https://127.0.0.1:${port}`, options)
  const names = report.probes.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['http2', 'accepts', 'desync']))
  expect(names).not.toContain('get')
  // Two of them may be followed by one more.
  const followed = report.probes.filter(({ name }) => name === 'asked' || name === 'unknown')
  const unfollowed = followed.filter(({ next }) => next === undefined).length
  expect(report.requests + unfollowed).toBeLessThanOrEqual(14)
  expect(requests).toBeLessThanOrEqual(report.requests)
})

test('a listener that throws, rejects or never settles changes nothing', async () => {
  const { url } = await serve(
    attach(
      http.createServer((_request, response) => response.end()),
      {},
    ),
  )
  for (const listener of [
    () => {
      throw new Error('thrown')
    },
    async () => Promise.reject(new Error('rejected')),
    async () => new Promise<void>(() => undefined),
  ]) {
    const report = await doctor(url, { onProbe: listener })
    expect(report.findings[0]?.id).toBe('D1701')
  }
})

test('a server that sends without end is not listened to without end', async () => {
  const server = http.createServer((_request, response) => {
    response.on('error', () => undefined)
    const more = (): void => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', more)
    }
    more()
  })
  let sent = 0
  server.on('connection', (socket) => {
    socket.on('close', () => {
      sent = Math.max(sent, socket.bytesWritten)
    })
  })
  const { url } = await serve(server)
  // Its 200 takes the upload: the head of an answer is enough to know that.
  expect((await doctor(url)).findings[0]?.id).toBe('D1701')
  // What the doctor reads, and what the kernel holds on both sides.
  expect(sent).toBeLessThan(32 * 1024 * 1024)
})

const AT = 'http://127.0.0.1:9'
const wrong: readonly [string, Record<string, unknown>, string][] = [
  ['method', { method: 'PUT /' }, AT],
  ['method', { method: 'HEAD' }, AT],
  ['bytes', { bytes: '1kb' }, AT],
  ['bytes', { bytes: '9mb' }, AT],
  ['accepts', { accepts: '/files' }, AT],
  ['accepts', { accepts: 'PUT files' }, AT],
  ['headers.a b', { headers: { 'a b': 'c' } }, AT],
  ['headers.A', { headers: { A: 'b\r\nC: d' } }, AT],
  ['headers.Expect', { headers: { Expect: '100-continue' } }, AT],
  ['timeoutMs', { timeoutMs: 1 }, AT],
  ['insecure', { insecure: 'yes' }, AT],
  ['signal', { signal: 1 }, AT],
  ['onProbe', { onProbe: 'log' }, AT],
  ['accept', { accept: 'PUT /files' }, AT],
  ['url', {}, 'api.example.com/uploads'],
  ['url', {}, 'ftp://example.com/'],
  ['url', {}, 'http://user:secret@example.com/'],
]

test.each(wrong)(
  '%s: a wrong option is told before anything is sent',
  async (option, options, url) => {
    const run = doctor(url, options)
    await expect(run).rejects.toBeInstanceOf(OptionError)
    await expect(run).rejects.toMatchObject({
      option,
      message: expect.not.stringContaining('secret'),
    })
  },
)
