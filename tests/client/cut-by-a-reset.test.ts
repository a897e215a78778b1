// RFC 9112 section 8: an answer with neither length nor coding is complete when the connection is closed. A reset
// does not close it, so what came until then is a part of it, and whoever reads it has to be told.

import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import { type UploadOptions, upload } from '@expectation/client'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { listening } from './listening.js'

forbidStrayErrors()

const CUT = { message: 'aborted', code: 'ECONNRESET' }
const UNTIL_CLOSED = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhel'

interface Script {
  readonly says: string
  /** Default: a reset. */
  readonly ends?: 'reset' | 'close'
  readonly secure?: boolean
}

/** Says it when a head has come, and ends the connection when the test has let it. */
async function origin({ says, ends = 'reset', secure = false }: Script) {
  const mayEnd = latch()
  const connections = new Set<net.Socket>()
  const play = (socket: net.Socket): void => {
    socket.on('error', () => undefined)
    socket.once('data', async () => {
      socket.write(says)
      await mayEnd.opened
      if (ends === 'close') socket.end()
      else for (const each of connections) each.resetAndDestroy()
    })
  }
  const server = secure ? tls.createServer(certificate, play) : net.createServer(play)
  server.on('connection', (socket: net.Socket) => connections.add(socket))
  const agent = new https.Agent({ ca: certificate.cert })
  const port = await listening(server, agent, connections)
  const url = `${secure ? 'https' : 'http'}://localhost:${port}/`
  const send = (options: UploadOptions) =>
    within('an answer', upload(url, { retry: false, ...(secure ? { agent } : {}), ...options }))
  return { send, end: () => mayEnd.open() }
}

/** After what came has been read. */
function soon(end: () => void): void {
  const readMs = 50
  setTimeout(end, readMs)
}

const requests: Readonly<Record<string, UploadOptions>> = {
  GET: { method: 'GET' },
  DELETE: { method: 'DELETE' },
  'PUT without content': { method: 'PUT' },
  'PUT of nothing': { method: 'PUT', body: '' },
}

describe.each(Object.keys(requests))('%s, and an answer until the close', (name) => {
  const request = requests[name] as UploadOptions

  test.each([false, true])('reset, TLS: %p: reading it rejects', async (secure) => {
    const { send, end } = await origin({ says: UNTIL_CLOSED, secure })
    const response = await send(request)
    soon(end)
    await expect(within('the end', response.text())).rejects.toMatchObject(CUT)
  })

  test('closed: it is whole', async () => {
    const { send, end } = await origin({ says: UNTIL_CLOSED, ends: 'close' })
    const response = await send(request)
    soon(end)
    expect(await within('the content', response.text())).toBe('hel')
  })
})

test('an answer that somebody reads after the reset: it rejects, too', async () => {
  const { send, end } = await origin({ says: UNTIL_CLOSED })
  const response = await send({ method: 'GET' })
  end()
  await new Promise((resolve) => setTimeout(resolve, 100))
  await expect(within('the end', response.text())).rejects.toMatchObject(CUT)
})

const others: readonly (readonly [string, string, string])[] = [
  ['HEAD', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n', ''],
  ['DELETE', 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n', ''],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n', ''],
  ['GET', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nhel', 'hel'],
  [
    'GET',
    'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n0\r\n\r\n',
    'hel',
  ],
]

test.each(others)(
  '%s, %j: its framing has ended it, and a reset does not matter',
  async (method, says, text) => {
    const { send, end } = await origin({ says })
    end()
    expect(await within('the content', (await send({ method })).text())).toBe(text)
  },
)

test('with content, a server that closes without having read it resets: the answer is given', async () => {
  const { send, end } = await origin({ says: UNTIL_CLOSED })
  const response = await send({ method: 'PUT', body: 'x' })
  soon(end)
  expect(await within('the content', response.text())).toBe('hel')
})

test('with content, and the network is gone: it rejects, as no server has closed', async () => {
  const { send } = await origin({ says: UNTIL_CLOSED })
  let socket: net.Socket | undefined
  const agent = new http.Agent()
  agent.createConnection = ({ port }) => {
    socket = net.connect({ port: Number(port), host: '127.0.0.1' })
    return socket
  }
  afterThisTest(() => agent.destroy())
  const response = await send({ method: 'PUT', body: 'x', agent })
  const gone = Object.assign(new Error('read ETIMEDOUT'), { code: 'ETIMEDOUT' })
  soon(() => socket?.destroy(gone))
  await expect(within('the end', response.text())).rejects.toMatchObject(CUT)
})

test('a coding that does not end by itself (section 6.3) is read until the close: it rejects', async () => {
  const says = UNTIL_CLOSED.replace(
    'Connection: close',
    'Connection: close\r\nTransfer-Encoding: gzip',
  )
  const { send, end } = await origin({ says })
  const response = await send({ method: 'GET' })
  soon(end)
  await expect(within('the end', response.text())).rejects.toMatchObject(CUT)
})
