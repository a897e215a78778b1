// `dispatcher` waits for nothing without a bound: an upstream that takes no content, a client that sends none, an
// answer that stalls. undici's options of a request make the bounds short.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { dispatcher } from '@expectation/gateway'
import { startChild } from '../support/child.js'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { latch, serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { CONTINUE, rawUpstream, type Script } from './support/raw-upstream.js'

forbidStrayErrors()

const IDLE_MS = 300

/** A client of a server that hands each request to a dispatcher, and what the dispatcher tells. */
async function dispatched(script: Script, timeouts: object) {
  const upstream = await rawUpstream(script)
  const asked = dispatcher()
  afterThisTest(() => asked.destroy())
  const told = latch<unknown>()
  const server = http.createServer((request, response) => {
    const { method = '', url: path = '', headers } = request
    const given = { origin: upstream.origin, method, path, headers, body: request, ...timeouts }
    asked.request(given, (error, answer) => {
      if (answer === undefined) {
        told.open(error)
        response.writeHead(504).end()
        return
      }
      answer.body.on('error', (failed) => {
        told.open(failed)
        response.destroy()
      })
      answer.body.on('end', () => told.open('ended'))
      answer.body.pipe(response.writeHead(answer.statusCode))
    })
  })
  const client = await RawClient.connect(await serve(attach(server, {})))
  return { upstream, client, told: () => within('what the dispatcher tells', told.opened) }
}

const says100: Script = async (connection) => {
  await connection.head()
  connection.send(CONTINUE)
}

const takesNone: Script = async (connection) => {
  await connection.head()
  connection.send(CONTINUE)
  connection.socket.pause()
}

test.each([
  ['an upstream that takes no content after its 100', takesNone, 30_000_000, 'upstream took no'],
  ['a client that stops in the middle of its content', says100, 1000, 'client sent no'],
  ['a client that sends nothing after the 100', says100, 0, 'client sent no'],
])('%s: late, for a plugin', async (_what, script, bytes, why) => {
  const { client, told, upstream } = await dispatched(script, { bodyTimeout: IDLE_MS })
  await client.send(asking({ length: 30_000_000 })).continue()
  client.send(Buffer.alloc(bytes))
  expect(await told()).toMatchObject({
    code: 'UND_ERR_HEADERS_TIMEOUT',
    cause: { message: expect.stringContaining(why) },
  })
  expect((await client.final()).status).toBe(504)
  const [connection] = upstream.connections
  connection?.socket.resume()
  await connection?.closed()
})

const stalls: Script = async (connection) => {
  await connection.head()
  connection.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')
}

test('an answer that stalls fails, and its connection serves nothing else', async () => {
  const { client, told, upstream } = await dispatched(stalls, { bodyTimeout: IDLE_MS })
  client.send(head({ method: 'GET' }))
  expect(await told()).toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT' })
  await upstream.connections[0]?.closed()
})

test('what moves slowly goes on, in both directions', async () => {
  const slow: Script = async (connection) => {
    await connection.head()
    connection.send(CONTINUE)
    await connection.content(10)
    connection.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n')
    for (let at = 0; at < 10; at += 1) {
      await new Promise((resolve) => setTimeout(resolve, 150))
      connection.send('a')
    }
  }
  const { client, told } = await dispatched(slow, { bodyTimeout: 1000, headersTimeout: 1000 })
  await client.send(asking({ length: 10 })).continue()
  for (let at = 0; at < 10; at += 1) {
    await new Promise((resolve) => setTimeout(resolve, 150))
    client.send('c')
  }
  expect((await client.final()).text).toBe('a'.repeat(10))
  expect(await told()).toBe('ended')
})

test('a client that takes nothing of its answer is not waited for without a bound', async () => {
  const endless: Script = async (connection) => {
    await connection.head()
    connection.send('HTTP/1.1 200 OK\r\n\r\n').send(Buffer.alloc(30_000_000))
  }
  const { client, told, upstream } = await dispatched(endless, { bodyTimeout: IDLE_MS })
  client.stopReading()
  client.send(head({ method: 'GET' }))
  expect(await told()).toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT' })
  await upstream.connections[0]?.closed()
})

test('whole answers leave their connection to the next request', async () => {
  const whole: Script = async (connection) => {
    for (;;) {
      await connection.head()
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere')
    }
  }
  const { client, told, upstream } = await dispatched(whole, { bodyTimeout: IDLE_MS })
  for (let at = 0; at < 20; at += 1) {
    expect((await client.send(head({ method: 'GET' })).final()).text).toBe('here')
  }
  expect(await told()).toBe('ended')
  expect(upstream.connections).toHaveLength(1)
  expect(upstream.connections[0]?.socket.destroyed).toBe(false)
})

/** As users write it; `timeout`, in milliseconds, becomes both bounds of undici's request. */
const PLUGIN = `
import Fastify from 'fastify'
import proxy from '@fastify/http-proxy'
import { dispatcher } from '@expectation/gateway'
const app = Fastify()
async function main() {
  await app.register(proxy, {
    upstream: 'http://127.0.0.1:' + process.env.UPSTREAM,
    undici: dispatcher(),
    replyOptions: { timeout: ${IDLE_MS} },
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  console.log((app.server.address() as any).port)
}
void main()
`

test('@fastify/http-proxy: 504 when no content moves, and a cut where an answer stalls', async () => {
  const { port } = await rawUpstream(says100, stalls)
  const running = await startChild(PLUGIN, { UPSTREAM: String(port) })
  const uploading = await RawClient.connect(running)
  uploading.send(`${head({ length: 100_000 })}hello`)
  expect((await uploading.final()).status).toBe(504)
  const client = await RawClient.connect(running)
  expect(await client.send(head({ method: 'GET' })).over()).toMatch(/\r\n\r\nhalf$/)
})
