// Law 3, and law 0: an answer that its client takes slowly is not cut while it moves, and one whose request has
// come to its end is bounded by nobody, as in Node. One large piece shows in no count of bytes written.
import http from 'node:http'
import net from 'node:net'
import { attach } from '@expectation/core/node'
import { afterThisTest } from '../support/cleanup.js'
import { head } from '../support/request.js'
import { serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()

const MANY = 30_000_000
const PIECE = 2_000_000

/** Takes a piece, rests, and so on: longer in all than the bounds allow without a byte. */
async function takeSlowly(port: number, bytes: string, later: string): Promise<number> {
  const socket = net.connect(port, '127.0.0.1')
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

test.each([
  ['all content comes behind the head of the answer', 'x', {}],
  ['content never comes', '', {}],
  ['content never comes, and nothing may linger', '', { totalMs: 0 }],
])(
  'one large piece, a client that rests, and %s',
  async (_what, later, more) => {
    const linger = { totalMs: 1000, ...more }
    const server = http.createServer((_request, response) => {
      response.writeHead(later === '' ? 413 : 200, { Connection: 'close' })
      response.end(Buffer.alloc(MANY, 'a'))
    })
    const { port } = await serve(attach(server, { linger }))
    expect(await takeSlowly(port, head({ length: 1 }), later)).toBeGreaterThan(MANY)
  },
  40_000,
)
