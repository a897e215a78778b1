// nodejs/node#12339: a peer that answers, and closes with our content unread, resets the connection
// (RFC 9112 9.6); what it said before lies in the kernel, and is read before the failure is told.
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { hearOut } from '@expectation/client'
import { afterThisTest } from '../support/cleanup.js'
import { within } from '../support/server.js'
import { standStill } from '../support/stand-still.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { fakeIntervals } from './fake-intervals.js'

const ANSWER = 'HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno\n'

forbidStrayErrors()

interface Rude {
  readonly port: number
  /** The server has closed a connection, its reset is with us. */
  readonly closed: Promise<unknown>
}

/** Takes the first bytes, says `words`, and closes with the rest unread. */
async function rude(words: string): Promise<Rude> {
  const sockets = new Set<net.Socket>()
  const meet = (socket: net.Socket): void => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.pause()
      // What comes from now on lies unread when the socket closes: the kernel answers it with a reset.
      if (words === '') socket.resetAndDestroy()
      else socket.write(words, () => setTimeout(() => socket.destroy(), 20))
    })
  }
  const server = net.createServer(meet)
  const closed = new Promise((resolve) => {
    server.on('connection', (socket: net.Socket) => {
      sockets.add(socket)
      socket.once('close', resolve)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(async () => {
    const over = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await over
  })
  return { port: (server.address() as AddressInfo).port, closed }
}

interface Seen {
  text: string
  ended: boolean
  errors: string[]
  /** What the callback of the failed write was given. */
  failed: string | undefined
}

/** Writes until the peer has gone, and only then begins to read. */
async function writeThenRead(
  socket: net.Socket,
  peer: Rude,
  reads = true,
  stillMs = 0,
): Promise<Seen> {
  const seen: Seen = { text: '', ended: false, errors: [], failed: undefined }
  const closed = new Promise((resolve) => socket.once('close', resolve))
  afterThisTest(() => void socket.destroy())
  socket.on('error', (error: NodeJS.ErrnoException) =>
    seen.errors.push(error.code ?? error.message),
  )
  // Else Node reads ahead, and what it then holds is lost with the socket when the reset is read.
  socket.pause()
  await once(socket, 'connect')
  socket.write(Buffer.alloc(1_000_000))
  await within('the peer to close', peer.closed)
  const failed = new Promise<void>((resolve) => {
    const more = (error?: Error | null): void => {
      seen.failed = (error as NodeJS.ErrnoException | null)?.code
      if (error == null) socket.write(Buffer.alloc(100_000), more)
      else resolve()
    }
    more()
  })
  if (reads) {
    setImmediate(() => {
      socket.on('data', (bytes: Buffer) => {
        seen.text += bytes.toString('latin1')
      })
      socket.on('end', () => {
        seen.ended = true
      })
      socket.resume()
      standStill(stillMs)
    })
  }
  await within('the socket to close', closed, 10_000)
  await within('the write to fail', failed)
  return seen
}

const GONE = /^(EPIPE|ECONNRESET)$/

test('the answer is read although a write has failed; the write learns of it after that', async () => {
  const peer = await rude(ANSWER)
  const seen = await writeThenRead(hearOut(net.connect(peer.port, '127.0.0.1')), peer)
  expect(seen).toMatchObject({ text: ANSWER, ended: true, errors: [] })
  expect(seen.failed).toMatch(GONE)
})

test('the process stands still for longer than the silence that ends reading: it is read all the same', async () => {
  const peer = await rude(ANSWER)
  const seen = await writeThenRead(hearOut(net.connect(peer.port, '127.0.0.1')), peer, true, 1200)
  expect(seen).toMatchObject({ text: ANSWER, ended: true, errors: [] })
})

test('a plain socket of Node loses it: this is what the others are measured against', async () => {
  const peer = await rude(ANSWER)
  const seen = await writeThenRead(net.connect(peer.port, '127.0.0.1'), peer)
  expect(seen.text).toBe('')
  expect(seen.errors[0]).toMatch(GONE)
})

test('a peer that says nothing and resets: the socket closes, the write gets the error', async () => {
  const peer = await rude('')
  const seen = await writeThenRead(hearOut(net.connect(peer.port, '127.0.0.1')), peer)
  expect(seen.text).toBe('')
  expect(seen.failed).toMatch(GONE)
})

describe('nobody reads', () => {
  const pass = fakeIntervals()

  test('after five minutes the socket is destroyed with the error of the write', async () => {
    const peer = await rude(ANSWER)
    const written = writeThenRead(hearOut(net.connect(peer.port, '127.0.0.1')), peer, false)
    await within('a write that failed', pass(5 * 60_000 + 1_000))
    const seen = await written
    expect(seen.errors).toHaveLength(1)
    expect(seen.errors[0]).toMatch(GONE)
    expect(seen.failed).toMatch(GONE)
  })
})

test('a peer that reads everything: nothing is different', async () => {
  const server = net.createServer((socket) => socket.pipe(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(() => new Promise((resolve) => void server.close(() => resolve())))
  const socket = hearOut(net.connect((server.address() as AddressInfo).port, '127.0.0.1'))
  afterThisTest(() => void socket.destroy())
  let text = ''
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1')
  })
  socket.cork()
  socket.write('one ')
  socket.write('two ')
  socket.uncork()
  socket.end('three')
  await within('the end', once(socket, 'close'))
  expect(text).toBe('one two three')
})

test('a second call changes nothing more', () => {
  const socket = hearOut(new net.Socket())
  const { _write } = socket
  expect(hearOut(socket)).toBe(socket)
  expect(socket._write).toBe(_write)
})
