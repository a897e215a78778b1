// Law 3, and law 0: an answer that its client takes slowly is not cut while it moves, and one whose request has
// come to its end is bounded by nobody, as in Node. One large piece shows in no count of bytes written.
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import { attach } from '@expectation/core/node'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { head } from '../support/request.js'
import { serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()

const MANY = 30_000_000
const PIECE = 2_000_000

/** Takes a piece, rests, and so on: longer in all than the bounds allow without a byte. */
async function takeSlowly(socket: net.Socket, bytes: string, later: string): Promise<number> {
  afterThisTest(() => void socket.destroy())
  let taken = 0
  let rests = 0
  const over = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    taken += chunk.length
    if (taken < PIECE * (rests + 1)) return
    rests += 1
    socket.pause()
    setTimeout(() => socket.resume(), 250)
  })
  socket.write(bytes)
  setTimeout(() => socket.write(later), 100)
  await within('the end', over, 30_000)
  return taken
}

function answering(status: number): http.RequestListener {
  return (_request, response) => {
    response.writeHead(status, { Connection: 'close' })
    response.end(Buffer.alloc(MANY, 'a'))
  }
}

test.each([
  ['all content comes behind the head of the answer', 'x', {}],
  ['content never comes', '', {}],
  ['content never comes, and nothing may linger', '', { totalMs: 0 }],
])(
  'one large piece, a client that rests, and %s',
  async (_what, later, more) => {
    const server = http.createServer(answering(later === '' ? 413 : 200))
    const { port } = await serve(attach(server, { linger: { totalMs: 1000, ...more } }))
    const client = net.connect(port, '127.0.0.1')
    expect(await takeSlowly(client, head({ length: 1 }), later)).toBeGreaterThan(MANY)
  },
  40_000,
)

test('the same over TLS, where two handles hold what the kernel has not taken', async () => {
  const server = https.createServer(certificate, answering(413))
  const { port } = await serve(attach(server, { linger: { totalMs: 1000 } }))
  const client = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  expect(await takeSlowly(client, head({ length: 1 }), '')).toBeGreaterThan(MANY)
}, 40_000)
