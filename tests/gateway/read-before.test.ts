// Content that somebody read before it came to a relay: told with a stable code, and not waited for.
import type http from 'node:http'
import { dispatcher } from '@expectation/gateway'
import { startChild } from '../support/child.js'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { bare, latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { deadOrigin } from './support/raw-upstream.js'

forbidStrayErrors()

const code = 'ERR_EXPECTATION_CONTENT_ALREADY_READ'
const type = 'application/json'
const body = '{"a":1}'

/** Express with a body parser before the library, in front of an origin that tells what it got. */
const program = (mount: string): string => `
import http from 'node:http'
import express from 'express'
import { createProxyServer } from 'http-proxy'
import { createProxyMiddleware, fixRequestBody } from 'http-proxy-middleware'
import { askFirst } from '@expectation/gateway'
const origin = http.createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  response.end(text)
})
origin.listen(0, '127.0.0.1', () => {
  const target = 'http://127.0.0.1:' + (origin.address() as any).port
  const proxy = createProxyServer({ target })
  const app = express()
  app.use(express.json())
  app.use(askFirst())
  ${mount}
  app.use((error: any, _request: any, response: any, _next: any) => {
    response.status(500).send(error.code)
  })
  const server = app.listen(0, '127.0.0.1', () => console.log((server.address() as any).port))
})
`

const HTTP_PROXY = `app.use((request, response, next) => proxy.web(request, response, {}, next))`
const FIXED = `app.use(createProxyMiddleware({ target, on: { proxyReq: fixRequestBody } }))`

for (const asks of [true, false]) {
  const asked = asks ? 'asked for' : 'unasked'

  async function sent(mount: string) {
    const client = await RawClient.connect(await startChild(program(mount)))
    const fields = { method: 'POST', length: body.length, type }
    if (asks) await client.send(asking(fields)).continue()
    else client.send(head(fields))
    return client.send(body).final({ withinMs: 5000 })
  }

  test(`askFirst, ${asked}: the library's request fails with the code`, async () => {
    const failed = await sent(HTTP_PROXY)
    expect([failed.status, failed.text]).toEqual([500, code])
  })

  test(`askFirst, ${asked}: content that a hook sends anew goes through`, async () => {
    const got = await sent(FIXED)
    expect([got.status, got.text]).toEqual([200, body])
  })
}

test('askFirst: content that was put back goes through', async () => {
  const peek = `app.use((request, response, next) => request.once('readable', () => {
    const part = request.read()
    if (part !== null) request.unshift(part)
    proxy.web(request, response, {}, next)
  }))`
  const client = await RawClient.connect(await startChild(program(peek)))
  client.send(`${head({ method: 'POST', length: body.length })}${body}`)
  expect((await client.final()).text).toBe(body)
})

test('dispatcher: the callback gets the code', async () => {
  const origin = await deadOrigin()
  const asked = dispatcher()
  afterThisTest(() => asked.destroy())
  const told = latch<unknown>()
  const server = await bare((request: http.IncomingMessage, response) => {
    request.resume().once('end', () => {
      setImmediate(() => {
        asked.request({ origin, method: 'POST', path: '/', body: request }, (error) => {
          told.open(error)
          response.end()
        })
      })
    })
  })
  const client = await RawClient.connect(server)
  await client.send(`${head({ length: body.length })}${body}`).final()
  expect(await within('the callback', told.opened)).toMatchObject({ code })
})
