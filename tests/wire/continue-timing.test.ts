// continueTiming 'after-checks': the 100 goes out when the gate has agreed, without a read.

import { type ExpectationOptions, errorHandler, expectation, Refusal } from '@expectation/express'
import express, { type Express } from 'express'
import { RawClient } from '../support/raw-client.js'
import { closesAfter, refused, stillUsable } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { latch, serve } from '../support/server.js'
import { contentOf, uploads } from '../support/uploads.js'

const timing: ExpectationOptions = { continueTiming: 'after-checks' }

function waiting(options: ExpectationOptions, go: Promise<void>): Express {
  const app = express().use(expectation(options))
  app.get('/hello', (_req, res) => void res.send('hello'))
  app.put('/files/:name', async (req, res) => {
    await go
    res.json({ content: await contentOf(req) })
  })
  app.use(errorHandler())
  return app
}

test('R17 MUST NOT (RFC 9110 10.1.1): the 100 comes before anything reads, and only once', async () => {
  const go = latch()
  const client = await RawClient.connect(await serve(waiting(timing, go.opened)))
  client.send(asking())
  await client.continue()
  await client.quiet(30)
  go.open()
  client.send('12345')
  expect((await client.final()).json()).toEqual({ content: '12345' })
  expect((await stillUsable(client, '/hello')).text).toBe('hello')
})

test('it waits for the checks', async () => {
  const checked = latch()
  const options = { ...timing, checks: [() => checked.opened], checkTimeoutMs: 5000 }
  const client = await RawClient.connect(await serve(waiting(options, Promise.resolve())))
  client.send(asking())
  await client.quiet(40)
  checked.open()
  await client.continue()
  client.send('12345')
  expect((await client.final()).json()).toEqual({ content: '12345' })
})

test('R16 MUST (RFC 9110 10.1.1): a refusal comes without it', async () => {
  const options = { ...timing, checks: [() => new Refusal(403)] }
  const client = await RawClient.connect(await serve(uploads(options).app))
  client.send(asking())
  await refused(client, 403, 'forbidden')
})

test('law 4: an answer after the 100 with the content unread still closes', async () => {
  const app = express().use(expectation(timing))
  app.put('/files/:name', (_req, res) => void res.status(403).send('no'))
  const client = await RawClient.connect(await serve(app))
  client.send(asking({ length: 1_000_000 }))
  await client.continue()
  const response = await client.final()
  expect(response.status).toBe(403)
  await closesAfter(client, response)
})

test('no Expect, no 100', async () => {
  const client = await RawClient.connect(await serve(uploads(timing).app))
  client.send(head({ length: 5 }))
  await client.quiet(30)
  client.send('12345')
  expect((await client.final()).json()).toEqual({ content: '12345' })
})
