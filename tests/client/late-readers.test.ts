// RFC 9112 section 8: what was read of an answer until its connection was given up is a part of it. A server
// that closed with content unread (section 9.6) leaves the rest in the kernel, for as long as the reader needs.
import net from 'node:net'
import { EarlyAnswerAgent, upload } from '@expectation/client'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { fakeIntervals } from './fake-intervals.js'
import { listening } from './listening.js'

forbidStrayErrors()

const SIZE = 250_000
/** More than what is read ahead, on every line of Node. */
const LARGE = 2_000_000

type Head = (size: number) => string

const heads: Readonly<Record<string, Head>> = {
  'until the close': () => 'HTTP/1.1 413 No\r\n\r\n',
  'of a length': (size) => `HTTP/1.1 413 No\r\nContent-Length: ${size}\r\n\r\n`,
}
/** More than what a socket waits for a byte. */
const LATE_MS = 1_500

/** Answers the first content, and closes with the rest unread. */
async function refusing(name: string, size = SIZE) {
  const head = heads[name] as Head
  const connections = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    connections.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.pause()
      const leave = (): unknown => setTimeout(() => socket.destroy(), 250)
      const answer = (): unknown => socket.write(head(size) + 'z'.repeat(size), leave)
      // By then the kernel takes no more, so that a write is under way.
      setTimeout(answer, 150)
    })
  })
  const agent = new EarlyAnswerAgent()
  const port = await listening(server, agent, connections)
  const body = Buffer.alloc(30_000_000)
  const url = `http://127.0.0.1:${port}/`
  return () => within('an answer', upload(url, { agent, body, expect: false, retry: false }))
}

const wait = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, LATE_MS))

test.each(Object.keys(heads))('%s: read late and all at once', async (name) => {
  const send = await refusing(name)
  const response = await send()
  await wait()
  expect(await within('the content', response.text())).toHaveLength(SIZE)
})

test.each(Object.keys(heads))('%s: read piece by piece, with a wait in between', async (name) => {
  const send = await refusing(name)
  const { body } = await send()
  let bytes = 0
  if (body === null) throw new Error('There is a body')
  for await (const piece of body) {
    bytes += piece.byteLength
    if (bytes < 100_000) await wait()
  }
  expect(bytes).toBe(SIZE)
})

describe('never read', () => {
  const pass = fakeIntervals()

  test.each(Object.keys(heads))('%s: given up after five minutes, and not whole', async (name) => {
    const send = await refusing(name, LARGE)
    const response = await send()
    await within('a write that failed', pass(5 * 60_000 + 1_000))
    const cut = { message: 'aborted', code: 'ECONNRESET' }
    await expect(within('the end', response.text())).rejects.toMatchObject(cut)
  })
})
