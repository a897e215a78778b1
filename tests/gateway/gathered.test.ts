// Pieces of content that come in one turn go to the upstream as one. Whatever their sizes and their framing,
// the bytes and their order are the client's, and an end or a refusal finds none of them held back.
import { createHash } from 'node:crypto'
import http from 'node:http'
import net from 'node:net'
import { serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()

const MIB = 2 ** 20

/** No two pieces of it are alike. */
const content = Buffer.alloc(3 * MIB)
for (let at = 0; at < content.length; at += 4) content.writeUInt32LE(at, at)

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Answers with the hash of what it took, and the trailer field that came behind. */
function hashing(): Promise<{ readonly port: number }> {
  return serve(
    http.createServer((request, response) => {
      const hash = createHash('sha256')
      request.on('data', (piece: Buffer) => hash.update(piece))
      request.on('end', () => {
        response.end(`${hash.digest('hex')} ${request.trailers['x-sum'] ?? ''}`)
      })
    }),
  )
}

/** Sends by pieces of such a size, all at once, so that many come in one turn. */
function upload(port: number, pieceBytes: number, chunked: boolean): Promise<string> {
  const answered = new Promise<string>((resolve, reject) => {
    const headers = chunked ? { Trailer: 'X-Sum' } : { 'Content-Length': content.length }
    const request = http.request(
      { host: '127.0.0.1', port, method: 'PUT', headers },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => {
          text += piece
        })
        response.on('end', () => resolve(text))
      },
    )
    request.on('error', reject)
    for (let at = 0; at < content.length; at += pieceBytes) {
      request.write(content.subarray(at, at + pieceBytes))
    }
    if (chunked) request.addTrailers({ 'X-Sum': 'all' })
    request.end()
  })
  return within('the answer', answered, 20_000)
}

test.each([
  ['pieces of 500 bytes, in chunks', 500, true],
  ['pieces of 500 bytes, with a length', 500, false],
  ['pieces of 70,000 bytes, in chunks', 70_000, true],
  ['one piece, with a length', 3 * MIB, false],
])('%s: the upstream has every byte in its place', async (_what, pieceBytes, chunked) => {
  const upstream = await hashing()
  const { port } = await front([`http://127.0.0.1:${upstream.port}`])
  expect(await upload(port, pieceBytes, chunked)).toBe(`${hashOf(content)} ${chunked ? 'all' : ''}`)
})

test('an upstream that takes nothing is waited for, and given up with its client', async () => {
  const upstream = await rawUpstream(async (connection) => {
    connection.socket.pause()
    await connection.closed()
  })
  const { port } = await front([upstream.origin], { ask: 'never' })
  const socket = net.connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n')
  let taken = 0
  let moved = true
  while (moved && taken < 1000 * MIB) {
    moved = await new Promise<boolean>((resolve) => {
      const idle = setTimeout(() => resolve(false), 500)
      socket.write(content, () => {
        clearTimeout(idle)
        taken += content.length
        resolve(true)
      })
    })
  }
  // What two pairs of sockets hold in the kernel, and one turn's pieces.
  expect(taken).toBeLessThan(100 * MIB)
  socket.destroy()
  upstream.connections[0]?.socket.resume()
  await upstream.connections[0]?.closed()
})
