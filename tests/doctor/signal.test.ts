// A signal ends a run at once with its reason, whatever it is at: told of a probe, looking up, connecting,
// in a handshake, waiting. The waits of these runs are a minute, so a signal that is not heard fails.

import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import net from 'node:net'
import { doctor, doctorBehind } from '@expectation/doctor'
import { certificate } from '../support/certificate.js'
import { freePort } from '../support/free-port.js'
import { latch, within } from '../support/server.js'
import { listening } from './listening.js'

const PATIENT = { timeoutMs: 60_000, insecure: true } as const
const REASON = new Error('enough')

interface Watched {
  readonly port: number
  /** Resolves when no connection is open. */
  left(): Promise<void>
}

async function watched(server: net.Server): Promise<Watched> {
  const { port, sockets } = await listening(server)
  const left = async (): Promise<void> => {
    for (let tries = 0; sockets.size > 0 && tries < 250; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(sockets.size).toBe(0)
  }
  return { port, left }
}

/** Refuses at once over HTTP/1.1 and HTTP/2. */
function refusing(asked: () => void = () => undefined): http2.Http2SecureServer {
  const server = http2.createSecureServer({ ...certificate, allowHTTP1: true })
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    server.on(event, (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => {
      asked()
      response.writeHead(404, request.httpVersion === '2.0' ? {} : { Connection: 'close' }).end()
    })
  }
  return server
}

async function endsWith(run: Promise<unknown>, reason: unknown = REASON): Promise<void> {
  const ended = run.then(
    () => 'a report',
    (error: unknown) => error,
  )
  expect(await within('the run to end', ended, 10_000)).toBe(reason)
}

const names = ['options', 'asked', 'plain', 'blind', 'loose', 'huge', 'http2', 'accepts', 'desync']

test.each(names)('aborted by onProbe, before %s: nothing more is sent', async (last) => {
  let requests = 0
  let before = 0
  const server = refusing(() => {
    requests += 1
  })
  const { port, left } = await watched(server)
  const leaving = new AbortController()
  const told: string[] = []
  const onProbe = (name: string): void => {
    told.push(name)
    if (name !== last) return
    before = requests
    leaving.abort(REASON)
  }
  const all = { desync: true, accepts: 'PUT /a', signal: leaving.signal, onProbe }
  await endsWith(doctor(`https://127.0.0.1:${port}`, { ...PATIENT, ...all }))
  expect(told.at(-1)).toBe(last)
  await left()
  expect(requests).toBe(before)
})

test.each([
  ['doctor', (url: string, signal: AbortSignal) => doctor(url, { ...PATIENT, signal })],
  [
    'doctorBehind',
    async (url: string, signal: AbortSignal) =>
      doctorBehind(url, { ...PATIENT, signal, origin: await freePort() }),
  ],
] as const)('%s, aborted before it began: no connection is made', async (_name, run) => {
  let connections = 0
  const server = net.createServer()
  server.on('connection', () => {
    connections += 1
  })
  const { port } = await watched(server)
  for (const scheme of ['http', 'https']) {
    await endsWith(run(`${scheme}://127.0.0.1:${port}`, AbortSignal.abort(REASON)))
  }
  expect(connections).toBe(0)
})

/** Hands connections on to a server that answers, but for one, which it says nothing to. */
async function silentAt(which: (count: number) => boolean, inner: net.Server) {
  const reached = latch<void>()
  let count = 0
  const server = net.createServer((socket) => {
    count += 1
    if (!which(count)) return void inner.emit('connection', socket)
    reached.open()
  })
  return { ...(await watched(server)), reached: reached.opened }
}

const cutting = (): http.Server => http.createServer((request) => void request.socket.destroy())
const cuttingTls = (): https.Server =>
  https.createServer(certificate, (request) => void request.socket.destroy())

const silent: readonly (readonly [string, string, number, () => net.Server])[] = [
  ['the look at TLS', 'https', 1, refusing],
  ['the handshake of a request', 'https', 2, refusing],
  ['an answer', 'http', 1, cutting],
  ['the look whether it is TLS', 'http', 2, cutting],
  ['an alert behind the handshake', 'https', 3, cuttingTls],
]

test.each(silent)('aborted while it waits for %s', async (_what, scheme, number, inner) => {
  const { port, reached, left } = await silentAt((count) => count === number, inner())
  const leaving = new AbortController()
  const run = doctor(`${scheme}://127.0.0.1:${port}`, { ...PATIENT, signal: leaving.signal })
  void reached.then(() => leaving.abort(REASON))
  await endsWith(run)
  await left()
})

test.each(['blind', 'http2', 'desync'])('aborted while %s is connecting', async (probe) => {
  let now = ''
  const { port, reached, left } = await silentAt(() => now === probe, refusing())
  const leaving = new AbortController()
  const onProbe = (name: string): void => {
    now = name
  }
  const options = { ...PATIENT, desync: true, signal: leaving.signal, onProbe }
  const run = doctor(`https://127.0.0.1:${port}`, options)
  void reached.then(() => leaving.abort(REASON))
  await endsWith(run)
  await left()
})

test('aborted while a stream of HTTP/2 is not answered', async () => {
  const server = refusing()
  const asked = latch<void>()
  server.removeAllListeners('checkContinue')
  server.on(
    'checkContinue',
    (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => {
      if (request.httpVersion === '2.0') asked.open()
      else response.writeHead(404, { Connection: 'close' }).end()
    },
  )
  const { port, left } = await watched(server)
  const leaving = new AbortController()
  const run = doctor(`https://127.0.0.1:${port}`, { ...PATIENT, signal: leaving.signal })
  void asked.opened.then(() => leaving.abort(REASON))
  await endsWith(run)
  await left()
})

describe('doctorBehind', () => {
  test('aborted while it waits to look again: the reason, and not an error of the timer', async () => {
    const answered = latch<void>()
    const server = http.createServer((_request, response) => {
      response.writeHead(404).end(() => answered.open())
    })
    const { port, left } = await watched(server)
    const leaving = new AbortController()
    const told = { signal: leaving.signal, origin: await freePort() }
    const run = doctorBehind(`http://127.0.0.1:${port}`, { ...PATIENT, ...told })
    // Behind the answer it sees for a quarter of a second whether the connection is kept; then it waits a second.
    void answered.opened.then(() => setTimeout(() => leaving.abort(REASON), 500))
    await endsWith(run)
    await left()
  })

  test('aborted by onProbe', async () => {
    const { port, left } = await watched(http.createServer())
    const leaving = new AbortController()
    const onProbe = (): void => leaving.abort(REASON)
    const told = { signal: leaving.signal, onProbe, origin: await freePort() }
    await endsWith(doctorBehind(`http://127.0.0.1:${port}`, { ...PATIENT, ...told }))
    await left()
  })

  test('aborted in a handshake', async () => {
    const { port, reached, left } = await silentAt((count) => count === 1, refusing())
    const leaving = new AbortController()
    const told = { signal: leaving.signal, origin: await freePort() }
    const run = doctorBehind(`https://127.0.0.1:${port}`, { ...PATIENT, ...told })
    void reached.then(() => leaving.abort(REASON))
    await endsWith(run)
    await left()
  })
})
