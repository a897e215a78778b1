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
const HEADS = {
  'until the close': 'HTTP/1.1 413 No\r\n\r\n',
  'of a length': `HTTP/1.1 413 No\r\nContent-Length: ${SIZE}\r\n\r\n`,
} as const
/** More than what a socket waits for a byte. */
const LATE_MS = 1_500

/** Answers the first content, and closes with the rest unread. */
async function refusing(head: string) {
  const connections = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    connections.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.pause()
      socket.write(head + 'z'.repeat(SIZE), () => setTimeout(() => socket.destroy(), 50))
    })
  })
  const agent = new EarlyAnswerAgent()
  const port = await listening(server, agent, connections)
  const body = Buffer.alloc(30_000_000)
  const url = `http://127.0.0.1:${port}/`
  return () => within('an answer', upload(url, { agent, body, expect: false, retry: false }))
}

const wait = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, LATE_MS))

test.each(Object.values(HEADS))('%j: read late and all at once', async (head) => {
  const send = await refusing(head)
  const response = await send()
  await wait()
  expect(await within('the content', response.text())).toHaveLength(SIZE)
})

test.each(Object.values(HEADS))('%j: read piece by piece, with a wait in between', async (head) => {
  const send = await refusing(head)
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

  test.each(Object.values(HEADS))(
    '%j: given up after five minutes, and not whole',
    async (head) => {
      const send = await refusing(head)
      const response = await send()
      await within('a write that failed', pass(5 * 60_000 + 1_000))
      const cut = { message: 'aborted', code: 'ECONNRESET' }
      await expect(within('the end', response.text())).rejects.toMatchObject(cut)
    },
  )
})
