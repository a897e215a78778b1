// Law 5: an application that one server shows and another hides has its limit on both, from the first request.
import http from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { expectation } from '@expectation/express'
import express, { type Express, type RequestHandler } from 'express'
import { RawClient } from '../support/raw-client.js'
import { checkBody, refused } from '../support/refusal.js'
import { chunks, head } from '../support/request.js'
import { latch, type Running, serve, within } from '../support/server.js'

test.each([1000, 10])(
  'law 5 (RFC 9110 15.5.14): 20 bytes, whole in a segment, limit %i',
  async (limit) => {
    const app = express()
      .use(async (_request, _response, next) => {
        // As a store of sessions does it: the content has come by then.
        await wait(5)
        next()
      })
      .use(expectation({ maxContentLength: limit }))
      .use((_request, response) => void response.send('read'))
    const shown = await serve(http.createServer(app))
    const hidden = await serve(http.createServer((request, response) => app(request, response)))
    for (const running of [shown, hidden, hidden]) {
      const client = await RawClient.connect(running)
      client.send(`${head({ chunked: true })}${chunks('0123456789', '0123456789')}`)
      expect((await client.answer()).status).toBe(limit < 20 ? 413 : 200)
      client.destroy()
    }
  },
)

/** Behind a function that nobody can look into. */
function hiding(gate: RequestHandler): Express {
  return express().use((request, response, next) => gate(request, response, next))
}

test('what a hidden gate says of the whole server holds on each server that it is reached on', async () => {
  const app = hiding(expectation({ normalizeClientErrors: true }))
  app.use((_request, response) => void response.send('read'))
  for (const running of [await serve(app), await serve(http.createServer(app))]) {
    const client = await RawClient.connect(running)
    expect((await client.send(head({ method: 'GET' })).final()).status).toBe(200)
    // Nothing of the first request is under way any more.
    client.send('GARBAGE\r\n\r\n')
    checkBody(await client.final(), 400, 'bad_request')
  }
})

test('law 2: a server is not let go while a request is on its way to its hidden gate', async () => {
  const gate = expectation({ maxContentLength: 10 })
  const [goesOn, waits] = [latch(), latch()]
  const slow = express().use((_request, _response, next) => {
    void goesOn.opened.then(() => next())
    waits.open()
  })
  const running = await serve(slow.use(hiding(gate)))
  const asks = async (to: Running) =>
    (await RawClient.connect(to)).send(head({ length: 50, expect: '100-continue' }))
  const first = await asks(running)
  await within('the middleware', waits.opened)
  // From here on it is known where the gate is: on another server, for all that anybody can tell.
  await refused(await asks(await serve(hiding(gate))), 413, 'content_too_large')
  const second = await asks(running)
  goesOn.open()
  for (const client of [first, second, await asks(running)]) {
    await refused(client, 413, 'content_too_large')
  }
})

test('a server that no request reaches the gate on is let go when its last one is over', async () => {
  const gate = expectation({ maxContentLength: 10 })
  const [goesOn, waits] = [latch(), latch()]
  const other = await serve(
    http.createServer((_request, response) => {
      void goesOn.opened.then(() => response.end('answered'))
      waits.open()
    }),
  )
  const under = (await RawClient.connect(other)).send(`${head({ length: 2 })}hi`)
  await within('the listener', waits.opened)
  const client = await RawClient.connect(await serve(hiding(gate)))
  checkBody(await client.send(head({ length: 50 })).final(), 413, 'content_too_large')
  expect(Object.hasOwn(other.server, 'emit')).toBe(true)
  goesOn.open()
  expect((await under.final()).text).toBe('answered')
  // The exchange is over when the connection serves the next request.
  expect((await under.send(head({ method: 'GET' })).final()).text).toBe('answered')
  expect(Object.hasOwn(other.server, 'emit')).toBe(false)
})
