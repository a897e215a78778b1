// Heads that the application writes by itself, or tries to, beside the 100.
import { expectation } from '@expectation/express'
import express from 'express'
import { RawClient } from '../support/raw-client.js'
import { asking } from '../support/request.js'
import { serve } from '../support/server.js'
import { contentOf } from '../support/uploads.js'

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

test('R16 MUST (RFC 9110 10.1.1): a head that Node refuses to write changes nothing', async () => {
  const app = express().use(expectation())
  app.put('/files/:name', async (req, res) => {
    expect(() => res.writeHead(Number.NaN)).toThrow('Invalid status code')
    expect(() => res.writeHead(1000)).toThrow('Invalid status code')
    res.json({ content: await contentOf(req) })
  })
  const client = await RawClient.connect(await serve(app))
  client.send(asking())
  await client.continue()
  client.send('12345')
  expect((await client.final()).status).toBe(200)
})
