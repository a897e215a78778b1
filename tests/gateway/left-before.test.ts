// A client that left while something before the gateway took its time: `close` of its response was told then, and
// is told to nobody who comes later. No upstream may be kept for it.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { askFirst, dispatcher, gateway, type RelayOutcome } from '@expectation/gateway'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { latch, serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()
keepConsoleErrors()

/** Calls a handler when the client of its request has gone. */
async function whenLeft(text: string, handler: http.RequestListener): Promise<void> {
  const arrived = latch()
  const handled = latch()
  const server = http.createServer((request, response) => {
    response.on('error', () => undefined)
    request.on('error', () => undefined)
    response.once('close', () => {
      setImmediate(() => {
        handler(request, response)
        handled.open()
      })
    })
    arrived.open()
  })
  const client = await RawClient.connect(await serve(attach(server, {})))
  client.send(text)
  await within('the request', arrived.opened)
  client.reset()
  await within('the handler', handled.opened)
}

/** Says nothing to a head, however long somebody waits. */
const silent = () => rawUpstream((connection) => connection.closed())

const requests = [
  ['a GET', head({ method: 'GET' })],
  ['an upload with all of its content', `${head({ length: 5 })}hello`],
  ['an upload without its content', head({ length: 1_000_000 })],
] as const

test.each(requests)('gateway: %s', async (_what, text) => {
  const { origin, connections } = await silent()
  const told = latch<RelayOutcome>()
  const relay = gateway({ upstreams: [origin], onRelay: (outcome) => told.open(outcome) })
  await whenLeft(text, (request, response) => relay(request, response))
  const { clientGone, status } = await within('an outcome', told.opened, 2000)
  expect([clientGone, status]).toEqual([true, undefined])
  for (const connection of connections) {
    await connection.closed()
    expect(connection.unread).toBe('')
  }
})

test('dispatcher: an upload', async () => {
  const { origin, connections } = await silent()
  const asked = dispatcher({ ask: 'never' })
  afterThisTest(() => asked.destroy())
  const told = latch<unknown>()
  await whenLeft(head({ length: 1_000_000 }), (request) => {
    const { method = '', url: path = '', headers } = request
    asked.request({ origin, method, path, headers, body: request }, (error) => told.open(error))
  })
  expect(await within('an error', told.opened, 2000)).toMatchObject({ code: 'UND_ERR_SOCKET' })
  for (const connection of connections) await connection.closed()
})

test('askFirst: the request of a library', async () => {
  const { origin, connections } = await silent()
  const closed = latch()
  await whenLeft(head({ length: 1_000_000 }), (request, response) => {
    askFirst()(request, response, () => {
      const to = http.request(origin, { method: 'PUT', headers: { 'content-length': 1_000_000 } })
      to.on('error', () => undefined)
      to.once('close', () => closed.open())
      request.pipe(to)
    })
  })
  await within('the end of the request', closed.opened, 2000)
  for (const connection of connections) await connection.closed()
})
