// An upstream is asked when its TLS handshake is done (RFC 9110 section 10.1.1): before that the head is not
// there, and silence says nothing.
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import { attach } from '@expectation/core/node'
import { askFirst, gateway } from '@expectation/gateway'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { asking } from '../support/request.js'
import { serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()

const HANDSHAKE_MS = 700
const continueTimeoutMs = 300

/** Refuses from the head, behind a link that lets nothing through for a while. */
async function slowUpstream() {
  const seen: string[] = []
  const upstream = tls.createServer(certificate, (socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (bytes: Buffer) => {
      seen.push(/^expect: 100-continue\r$/im.test(bytes.toString('latin1')) ? 'asked' : 'unasked')
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    })
  })
  const port = await listening(upstream)
  const sockets = new Set<net.Socket>()
  const link = net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1')
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined))
    far.pipe(near)
    setTimeout(() => near.pipe(far), HANDSHAKE_MS)
  })
  const through = await listening(link)
  afterThisTest(async () => {
    const closed = Promise.all([link, upstream].map((each) => once(each.close(), 'close')))
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return { seen, port: through }
}

async function listening(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as net.AddressInfo).port
}

type Carry = (port: number) => http.RequestListener

const byAskFirst: Carry = (port) => {
  const ask = askFirst({ continueTimeoutMs })
  return (request, response) => {
    ask(request, response, () => {
      const { method, url: path, headers } = request
      const to = { host: '127.0.0.1', port, method, path, headers, rejectUnauthorized: false }
      const upstream = https.request({ ...to, agent: false })
      upstream.on('error', () => response.writeHead(502).end())
      upstream.on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 0)))
      request.pipe(upstream)
    })
  }
}

const byGateway: Carry = (port) =>
  gateway({
    upstreams: [`https://127.0.0.1:${port}`],
    tls: { rejectUnauthorized: false },
    continueTimeoutMs,
  })

test.each([
  ['askFirst', byAskFirst],
  ['gateway', byGateway],
])(
  '%s: a slow handshake is no silence, and the upstream is asked next time, too',
  async (_by, by) => {
    const { port, seen } = await slowUpstream()
    const running = await serve(attach(http.createServer(by(port)), {}))
    for (let at = 0; at < 2; at += 1) {
      const client = await RawClient.connect(running)
      // The first answer is the last: no 100 goes before it.
      const refused = await client.send(asking({ length: 1_000_000 })).final()
      expect(refused.status).toBe(401)
      client.destroy()
    }
    expect(seen).toEqual(['asked', 'asked'])
  },
)
