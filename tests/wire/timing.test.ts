// When the 100 goes out: at the first read of content, once, and at no other moment.
import { setImmediate as turn } from 'node:timers/promises'
import { expectation } from '@expectation/express'
import express, { type Express } from 'express'
import { RawClient } from '../support/raw-client.js'
import { closesAfter } from '../support/refusal.js'
import { asking, chunks, head } from '../support/request.js'
import { latch, serve } from '../support/server.js'
import { contentOf, uploads } from '../support/uploads.js'

function gated(): Express {
  return express().use(expectation())
}

describe('100 on demand (law 2)', () => {
  test('R16 MUST (RFC 9110 10.1.1): a handler that reads at once brings a 100 at once', async () => {
    const client = await RawClient.connect(await serve(uploads().app))
    client.send(asking())
    await client.continue()
    await client.quiet(30)
    client.send('12345')
    expect((await client.final()).status).toBe(200)
  })

  test('R16 MUST (RFC 9110 10.1.1): content in chunks is announced content too', async () => {
    const client = await RawClient.connect(await serve(uploads().app))
    client.send(head({ expect: '100-continue', chunked: true }))
    await client.continue()
    client.send(chunks('one', 'two'))
    expect((await client.final()).json()).toEqual({ content: 'onetwo' })
    await client.quiet(20)
  })

  test('law 2: nothing before the first read, then exactly one 100', async () => {
    const read = latch()
    const app = gated()
    app.put('/files/:name', async (req, res) => {
      await read.opened
      res.json({ content: await contentOf(req) })
    })
    const client = await RawClient.connect(await serve(app))
    client.send(asking())
    await client.quiet(60)
    read.open()
    await client.continue()
    client.send('123').send('45')
    expect((await client.final()).json()).toEqual({ content: '12345' })
    await client.quiet(20)
  })

  test('law 2: listening for the end and for errors is not reading', async () => {
    const read = latch()
    const app = gated()
    app.put('/files/:name', async (req, res) => {
      req.on('end', () => undefined)
      req.on('error', () => undefined)
      req.on('close', () => undefined)
      await read.opened
      res.json({ content: await contentOf(req) })
    })
    const client = await RawClient.connect(await serve(app))
    client.send(asking())
    await client.quiet(60)
    read.open()
    await client.continue()
    client.send('12345')
    expect((await client.final()).json()).toEqual({ content: '12345' })
  })

  test('R14 MUST (RFC 9110 10.1.1): after the 100 comes the final status, with a refusal too', async () => {
    const app = gated()
    app.put('/files/:name', (req, res) => {
      req.once('data', () => res.status(422).send('no'))
    })
    const client = await RawClient.connect(await serve(app))
    client.send(asking({ length: 1_000_000 }))
    await client.continue()
    client.send('12')
    const response = await client.final()
    expect(response.status).toBe(422)
    await closesAfter(client, response)
  })

  test('law 2: reading after the final head brings no 100', async () => {
    const app = gated()
    app.put('/files/:name', (req, res) => {
      res.status(409).send('no')
      req.on('data', () => undefined)
      req.resume()
    })
    const client = await RawClient.connect(await serve(app))
    client.send(asking())
    const response = await client.final()
    expect(response.status).toBe(409)
    await closesAfter(client, response)
  })

  test('law 2: reading while the final content is being written brings no 100', async () => {
    const app = gated()
    app.put('/files/:name', async (req, res) => {
      res.status(200).write('first ')
      req.on('data', () => undefined)
      await turn()
      await turn()
      res.end('second')
    })
    const client = await RawClient.connect(await serve(app))
    client.send(asking())
    const response = await client.final()
    expect(response.text).toBe('first second')
    await closesAfter(client, response)
  })
})
