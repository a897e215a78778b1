// Applications that already call res.writeContinue() keep working: exactly one 100, never a late one.

import { expectation } from '@expectation/express'
import express from 'express'
import { RawClient } from '../support/raw-client.js'
import { closesAfter } from '../support/refusal.js'
import { asking } from '../support/request.js'
import { latch, serve } from '../support/server.js'
import { contentOf } from '../support/uploads.js'

test('R14 MUST (RFC 9110 10.1.1): by hand, then a read: one 100', async () => {
  const read = latch()
  const app = express().use(expectation())
  app.put('/files/:name', async (req, res) => {
    res.writeContinue()
    await read.opened
    res.json({ content: await contentOf(req) })
  })
  const client = await RawClient.connect(await serve(app))
  client.send(asking())
  await client.continue()
  read.open()
  await client.quiet(30)
  client.send('12345')
  expect((await client.final()).json()).toEqual({ content: '12345' })
})

test('by hand three times, before and after a read: one 100', async () => {
  const app = express().use(expectation())
  app.put('/files/:name', async (req, res) => {
    res.writeContinue()
    res.writeContinue()
    const content = contentOf(req)
    await new Promise((resolve) => setImmediate(resolve))
    res.writeContinue()
    res.json({ content: await content })
  })
  const client = await RawClient.connect(await serve(app))
  client.send(asking())
  await client.continue()
  await client.quiet(30)
  client.send('12345')
  expect((await client.final()).json()).toEqual({ content: '12345' })
})

test('law 2: by hand after the final head: nothing, on every line of Node', async () => {
  const app = express().use(expectation())
  app.put('/files/:name', (_req, res) => {
    res.writeHead(403, { 'Content-Length': 4 })
    res.write('no')
    try {
      res.writeContinue()
    } catch {
      // Node 24 throws here by itself; older lines write it into the content.
    }
    res.end('!!')
  })
  const client = await RawClient.connect(await serve(app))
  client.send(asking())
  const response = await client.final()
  expect(response.text).toBe('no!!')
  await closesAfter(client, response)
})

test("R18 definition (RFC 9110 15.2.1): other interim responses are the application's own", async () => {
  const app = express().use(expectation())
  app.put('/files/:name', async (req, res) => {
    res.writeEarlyHints({ link: '</a.css>; rel=preload' })
    res.json({ content: await contentOf(req) })
  })
  const client = await RawClient.connect(await serve(app))
  client.send(asking())
  expect((await client.next()).status).toBe(103)
  await client.continue()
  client.send('12345')
  expect((await client.final()).status).toBe(200)
})
