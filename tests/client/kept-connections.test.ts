// Connections of upload() are kept for the next one, and closed when nobody needs them: after five
// seconds, or sooner when the server says so (`Keep-Alive: timeout`, RFC 2068 section 19.7.1).
import { once } from 'node:events'
import http from 'node:http'
import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { upload } from '@expectation/client'
import { serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()

async function keeping(seconds: number) {
  const sockets: Socket[] = []
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('Keep-Alive', `timeout=${seconds}`)
      response.end('ok')
    })
  })
  server.keepAliveTimeout = 60_000
  server.on('connection', (socket) => sockets.push(socket))
  const { url } = await serve(server)
  return { url, sockets }
}

describe('kept connections', () => {
  test('serve the next upload', async () => {
    const { url, sockets } = await keeping(60)
    for (const body of ['one', 'two', 'three']) await (await upload(url, { body })).text()
    expect(sockets).toHaveLength(1)
  })

  test('are closed by the client before the server does so', async () => {
    const { url, sockets } = await keeping(2)
    await (await upload(url, { body: 'hello' })).text()
    const [socket] = sockets
    if (socket === undefined) throw new Error('nobody came')
    await within('the end of the connection', once(socket, 'end'), 10_000)
  })

  test('are not kept where the server closes within a second', async () => {
    const { url, sockets } = await keeping(1)
    for (const body of ['one', 'two']) await (await upload(url, { body })).text()
    expect(sockets).toHaveLength(2)
  })
})

describe('the answer', () => {
  test('is a Response for whoever asks, without having been made as one', async () => {
    const { url } = await keeping(1)
    const response = await upload(url, { body: 'hello' })
    expect(response).toBeInstanceOf(Response)
    expect(Object.prototype.toString.call(response)).toBe('[object Response]')
    expect(inspect(response)).toContain('status: 200')
    expect(await response.text()).toBe('ok')
  })
})
