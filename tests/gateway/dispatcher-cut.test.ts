// An answer without a length ends by the close of its connection, and a reset is no such end: it must not look
// whole to a plugin (RFC 9112 section 8). Node ends it like any other.
import { dispatcher } from '@expectation/gateway'
import { afterThisTest } from '../support/cleanup.js'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { rawUpstream, type UpstreamConnection } from './support/raw-upstream.js'

forbidStrayErrors()

interface Got {
  readonly content: string
  /** Code of its error; `ended` when it ended. */
  readonly end: string
}

/** What a plugin gets of an answer that is sent and then left, and read at once or later. */
async function got(
  bytes: string,
  leave: (connection: UpstreamConnection) => void,
  whenRead: 'at once' | 'later' = 'at once',
): Promise<Got> {
  const read = latch()
  const left = latch()
  const { origin } = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(bytes)
    await read.opened
    leave(connection)
    connection.socket.once('close', () => left.open())
  })
  const asked = dispatcher()
  afterThisTest(() => asked.destroy())
  const told = new Promise<Got>((resolve, reject) => {
    asked.request({ origin, method: 'GET', path: '/' }, (error, answer) => {
      if (answer === undefined) {
        reject(error)
        return
      }
      const { body } = answer
      let content = ''
      body.on('error', (failed: NodeJS.ErrnoException) => {
        resolve({ content, end: failed.code ?? failed.message })
      })
      body.on('end', () => resolve({ content, end: 'ended' }))
      const take = (): void => {
        body.on('data', (chunk) => {
          content += chunk
          read.open()
        })
      }
      if (whenRead === 'at once') {
        take()
      } else {
        read.open()
        left.opened.then(() => setTimeout(take, 50))
      }
    })
  })
  return within('the end of an answer', told)
}

const closing = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhel'

test.each([
  ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nhel'],
  ['that closes', closing],
])('an answer %s that ends by a reset fails', async (_what, bytes) => {
  const reset = await got(bytes, (connection) => connection.reset())
  expect(reset).toEqual({ content: 'hel', end: 'UND_ERR_SOCKET' })
})

test('one that is read later fails, too', async () => {
  const { end } = await got(closing, (connection) => connection.reset(), 'later')
  expect(end).toBe('UND_ERR_SOCKET')
})

test('one that ends by a close is whole', async () => {
  const whole = await got(closing, (connection) => connection.end())
  expect(whole).toEqual({ content: 'hel', end: 'ended' })
})

test('one that has its length when the reset comes is whole', async () => {
  const bytes = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhel'
  const whole = await got(bytes, (connection) => connection.reset())
  expect(whole).toEqual({ content: 'hel', end: 'ended' })
})
