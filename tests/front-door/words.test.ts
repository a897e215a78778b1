// What is said to callers and to operators: a remedy that works, and no stack for what was on purpose.

import http from 'node:http'
import { attach } from '@expectation/core/node'
import { errorHandler, expectation, Refusal } from '@expectation/express'
import { errorHandler as koaErrors, expectation as koaGate } from '@expectation/koa'
import express from 'express'
import express4 from 'express4'
import Koa from 'koa'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, refused } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { type Listening, serve } from '../support/server.js'

const log = keepConsoleErrors()

type Build = (shed: () => Refusal) => Listening | http.Server

const onExpress =
  (make: typeof express): Build =>
  (shed) =>
    make()
      .use(expectation({ checks: [shed] }))
      .get('/', () => {
        throw shed()
      })
      .use(errorHandler())

const SHEDDING: Readonly<Record<string, Build>> = {
  'Express 5': onExpress(express),
  'Express 4': onExpress(express4 as unknown as typeof express),
  Koa: (shed) =>
    new Koa()
      .use(koaErrors())
      .use(koaGate({ checks: [shed] }))
      .use(() => {
        throw shed()
      }),
  attach: (shed) => attach(http.createServer(), { checks: [shed] }),
}

// Fastify has levels: tests/front-door/fastify/logging.test.ts.
for (const [shown, build] of Object.entries(SHEDDING)) {
  test(`K7.4 ${shown}: a 503 on purpose, thrown or from a check, prints nothing`, async () => {
    const running = await serve(build(() => new Refusal(503, { reason: 'shedding' })))
    for (const request of shown === 'attach'
      ? [asking()]
      : [asking(), head({ method: 'GET', target: '/' })]) {
      const client = await RawClient.connect(running)
      checkBody(await client.send(request).final(), 503, 'shedding')
    }
    expect(log.entries).toEqual([])
  })
}

test('K7.4 one that has a cause was no purpose, and is printed with it', async () => {
  const cause = new Error('no room on /dev/sda1')
  const running = await serve(onExpress(express)(() => new Refusal(503, { cause })))
  const client = await RawClient.connect(running)
  await refused(client.send(asking()), 503, 'service_unavailable')
  expect(log.entries.flat()).toEqual([expect.objectContaining({ cause })])
})

test('K7.7 the remedy of acceptContinue: false is one that works (RFC 9110 section 10.1.1)', async () => {
  const app = express().use(expectation({ acceptContinue: false }))
  app.put('/files/:name', express.text(), (request, response) => void response.send(request.body))
  const running = await serve(app.use(errorHandler()))
  const asked = await RawClient.connect(running)
  const answer = await refused(asked.send(asking()), 417, 'unsupported_expectation')
  const notSupported = '100-continue negotiation not supported'
  expect(answer.json()).toMatchObject({ error: { details: notSupported } })
  const other = await RawClient.connect(running)
  other.send(asking({ expect: 'other' }))
  const told = await refused(other, 417, 'unsupported_expectation')
  expect(told.text).toMatch(/without (the|an) Expect/)
  expect(told.text).not.toContain('100-continue')
  const again = await RawClient.connect(running)
  again.send(`${head({ length: 5, type: 'text/plain' })}hello`)
  expect((await again.final()).text).toBe('hello')
})
