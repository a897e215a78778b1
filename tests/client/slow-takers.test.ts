// README, "Bounds": `idleTimeoutMs` is for content that does not move. A server that takes it slowly, after so
// much that pieces are at their largest, is served to the end.
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import https from 'node:https'
import type { Server } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { EarlyAnswerAgent, upload } from '@expectation/client'
import { certificate } from '../support/certificate.js'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { listening } from './listening.js'

forbidStrayErrors()

const FAST_BYTES = 36_000_000
const SIZE = 60_000_000
const SLOW_BYTES_PER_MS = 8_000
/** Shorter than 8 MiB take at that rate. */
const IDLE_MS = 700

async function take(
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
): Promise<void> {
  const works = request.url === '/works'
  if (works) await work(response)
  let bytes = 0
  let dueAt = 0
  for await (const piece of request) {
    bytes += piece.length
    if (bytes < FAST_BYTES) dueAt = performance.now()
    dueAt += piece.length / SLOW_BYTES_PER_MS
    const waitMs = dueAt - performance.now()
    if (!works && bytes > FAST_BYTES && waitMs > 10) await pause(waitMs)
  }
  response.end(`${bytes}`)
}

/** Takes no content for longer than IDLE_MS, and says meanwhile that it is at work (102, RFC 2518 section 10.1). */
async function work(response: ServerResponse | Http2ServerResponse): Promise<void> {
  // So often that a machine that stands still for a while does not keep it from being heard in time.
  for (let said = 0; said < 14; said += 1) {
    await pause(IDLE_MS / 7)
    if ('writeProcessing' in response) response.writeProcessing()
    else response.stream.additionalHeaders({ ':status': 102 })
  }
}

const play = (...exchange: Parameters<typeof take>): void => {
  take(...exchange).catch(() => undefined)
}

const servers: Readonly<Record<string, () => Server>> = {
  'HTTP/1.1': () => http.createServer(play),
  'HTTP/1.1 over TLS': () => https.createServer(certificate, play),
  'HTTP/2': () => http2.createSecureServer(certificate, play),
}

async function sent(protocol: string, target: string): Promise<string> {
  const server = servers[protocol]?.()
  if (server === undefined) throw new Error('unreachable')
  const agent =
    protocol === 'HTTP/1.1'
      ? new EarlyAnswerAgent()
      : new EarlyAnswerAgent.Secure({ ca: certificate.cert })
  const port = await listening(server, agent, [])
  const url = `${protocol === 'HTTP/1.1' ? 'http' : 'https'}://localhost:${port}${target}`
  const options = {
    agent,
    body: Buffer.alloc(SIZE),
    expect: false,
    idleTimeoutMs: IDLE_MS,
  } as const
  const response = await within('an answer', upload(url, { ...options, retry: false }), 20_000)
  return response.text()
}

test.each(Object.keys(servers))('%s: what moves is not late', async (protocol) => {
  expect(await sent(protocol, '/')).toBe(`${SIZE}`)
})

test.each(Object.keys(servers))('%s: nor is a server that says it is at work', async (protocol) => {
  expect(await sent(protocol, '/works')).toBe(`${SIZE}`)
})
