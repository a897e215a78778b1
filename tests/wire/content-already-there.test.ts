// A client need not wait for the 100. Content that came by itself is used, and the connection is
// closed only when some of it is still owed (law 4).

import { expectation } from '@expectation/express'
import express from 'express'
import { RawClient } from '../support/raw-client.js'
import { closesAfter, stillUsable } from '../support/refusal.js'
import { asking, chunks, head } from '../support/request.js'
import { latch, serve } from '../support/server.js'
import { contentOf, echo, uploads } from '../support/uploads.js'

describe('the whole content comes with the head', () => {
  for (const [framing, request] of [
    ['a length', `${asking()}12345`],
    ['chunks', head({ expect: '100-continue', chunked: true }) + chunks('12345')],
  ] as const) {
    test(`R13 MAY, R8 MAY (RFC 9110 10.1.1): ${framing}: 200, and the connection is kept`, async () => {
      const client = await RawClient.connect(await serve(uploads().app))
      client.send(request)
      const response = await client.answer()
      expect(response.status).toBe(200)
      expect(response.json()).toEqual({ content: '12345' })
      expect(response.field('connection')?.toLowerCase()).not.toBe('close')
      expect((await stillUsable(client, '/hello')).text).toBe('hello')
    })
  }

  test('law 4: kept too when the handler reads after asynchronous work', async () => {
    const read = latch()
    const app = express().use(expectation())
    app.get('/hello', (_req, res) => void res.send('hello'))
    app.put('/files/:name', async (req, res) => {
      await read.opened
      res.json({ content: await contentOf(req) })
    })
    const client = await RawClient.connect(await serve(app))
    client.send(`${asking()}12345`)
    await client.quiet(40)
    read.open()
    const response = await client.answer()
    expect(response.json()).toEqual({ content: '12345' })
    expect(response.field('connection')?.toLowerCase()).not.toBe('close')
    expect((await stillUsable(client, '/hello')).text).toBe('hello')
  })

  test('law 4: a second asking request on the kept connection gets its own 100', async () => {
    const save = echo()
    const client = await RawClient.connect(await serve(uploads({}, save).app))
    client.send(`${asking()}12345`)
    expect((await client.answer()).status).toBe(200)
    client.send(asking({ target: '/files/b' }))
    await client.continue()
    client.send('67890')
    expect((await client.final()).json()).toEqual({ content: '67890' })
    expect(save.calls).toBe(2)
  })

  test('law 4: many asking requests in a row stay on one connection', async () => {
    const client = await RawClient.connect(await serve(uploads().app))
    for (let round = 0; round < 5; round += 1) {
      client.send(asking())
      await client.continue()
      client.send(`1234${round}`)
      const response = await client.final()
      expect(response.json()).toEqual({ content: `1234${round}` })
      expect(response.field('connection')?.toLowerCase()).not.toBe('close')
    }
  })
})

describe('some of the content comes with the head', () => {
  test('R8 MAY (RFC 9110 10.1.1): the rest is still read', async () => {
    const client = await RawClient.connect(await serve(uploads().app))
    await client.sendAll(`${asking()}12`)
    await client.sendAll('345')
    const response = await client.answer()
    expect(response.json()).toEqual({ content: '12345' })
  })

  test('R26 MUST (RFC 9112 9.6): a refusal then says close, although a part was there', async () => {
    const save = echo()
    const client = await RawClient.connect(await serve(uploads({ maxContentLength: 4 }, save).app))
    client.send(`${asking()}12`)
    const response = await client.final()
    expect(response.status).toBe(413)
    await closesAfter(client, response)
    expect(save.calls).toBe(0)
  })
})
