// Requests that are pipelined (RFC 9112 section 9.3.2): their answers wait behind one another, and what is over is
// let go, though the connection stays.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { askFirst, dispatcher, gateway } from '@expectation/gateway'
import { afterThisTest } from '../support/cleanup.js'
import { areCollected } from '../support/collected.js'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { answer, rawUpstream, type Script } from './support/raw-upstream.js'

forbidStrayErrors()
keepConsoleErrors()

const takes: Script = async (connection) => {
  for (;;) {
    await connection.head()
    await connection.content(2)
    connection.send(answer('201 Created'))
  }
}

const WAYS: Record<string, (origin: string) => http.RequestListener> = {
  gateway: (origin) => gateway({ upstreams: [origin] }),
  dispatcher(origin) {
    const asked = dispatcher()
    afterThisTest(() => asked.destroy())
    return (request, response) => {
      const given = { origin, method: 'PUT', path: '/', headers: {}, body: request }
      asked.request(given, (error, got) => {
        if (got === undefined) throw error
        got.body.pipe(response.writeHead(got.statusCode))
      })
    }
  },
  askFirst(origin) {
    const ask = askFirst()
    const agent = new http.Agent({ keepAlive: true })
    afterThisTest(() => agent.destroy())
    return (request, response) =>
      ask(request, response, () => {
        const headers = { 'Content-Length': 2 }
        const to = http.request(origin, { method: 'PUT', headers, agent }, (got) => {
          got.pipe(response.writeHead(got.statusCode ?? 0))
        })
        request.pipe(to)
      })
  },
}

test.each([
  ['gateway', true],
  ['gateway', false],
  ['dispatcher', true],
  ['askFirst', true],
  ['askFirst', false],
])('%s, attached %s: a connection that stays keeps none of them', async (way, attached) => {
  const { origin } = await rawUpstream(takes)
  const requests: WeakRef<object>[] = []
  const handler = WAYS[way]?.(origin)
  const server = http.createServer((request, response) => {
    requests.push(new WeakRef(request))
    handler?.(request, response)
  })
  server.keepAliveTimeout = 60_000
  if (attached) attach(server, {})
  const client = await RawClient.connect(await serve(server))
  const put = `${head({ length: 2 })}hi`
  for (let at = 0; at < 3; at += 1) {
    client.send(put.repeat(4))
    for (let each = 0; each < 4; each += 1) expect((await client.final()).status).toBe(201)
  }
  // Node's parser keeps its last request.
  expect(await areCollected(requests.slice(0, -1))).toBe(true)
})

test.each([true, false])(
  'attached %s: an answer that waits behind a slow one is not cut',
  async (attached) => {
    const idleTimeoutMs = 300
    const whole = 'B'.repeat(2_000_000)
    const { origin } = await rawUpstream(async (connection) => {
      const isSlow = (await connection.head()).startsWith('GET /slow ')
      if (!isSlow) {
        connection.send(answer('200 OK', whole))
        return
      }
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n')
      for (let at = 0; at < 10; at += 1) {
        await new Promise((resolve) => setTimeout(resolve, idleTimeoutMs / 3))
        connection.send('s')
      }
    })
    const server = http.createServer(gateway({ upstreams: [origin], idleTimeoutMs }))
    if (attached) attach(server, {})
    const client = await RawClient.connect(await serve(server))
    client.send(head({ method: 'GET', target: '/slow' }) + head({ method: 'GET', target: '/big' }))
    expect((await client.final()).text).toBe('s'.repeat(10))
    expect((await client.final()).text).toBe(whole)
  },
)
