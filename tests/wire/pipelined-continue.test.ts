// A 100 that has to wait for the response before it. Found by the generated exchanges: Node puts a
// final head in front of an interim one that is still queued.

import { expectation } from '@expectation/express'
import express from 'express'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { latch, serve } from '../support/server.js'

/** An application whose `/slow` answers when the latch opens. */
function behindSlow() {
  const slow = latch<void>()
  const app = express()
  app.use(expectation())
  app.get('/slow', async (_req, res) => {
    await slow.opened
    res.send('slow')
  })
  return { app, slow }
}

test('R29 MUST (RFC 9112 9.3.2): a 100 does not overtake the earlier response, nor its own', async () => {
  const { app, slow } = behindSlow()
  app.put('/files/:name', async (req, res) => {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part)
    res.end(Buffer.concat(parts))
  })
  const client = await RawClient.connect(await serve(app))
  client.send(`${head({ method: 'GET', target: '/slow' })}${asking()}`)
  await client.quiet(100)
  slow.open()
  expect((await client.final()).text).toBe('slow')
  await client.continue()
  client.send('12345')
  expect((await client.final()).text).toBe('12345')
})

test('R29 MUST (RFC 9112 9.3.2): an answer that is ready before its turn comes without a 100', async () => {
  const { app, slow } = behindSlow()
  app.put('/files/:name', (req, res) => {
    req.once('readable', () => undefined)
    setImmediate(() => {
      res.status(409).end(Buffer.from('no'))
      slow.open()
    })
  })
  const client = await RawClient.connect(await serve(app))
  client.send(`${head({ method: 'GET', target: '/slow' })}${asking()}`)
  expect((await client.final()).text).toBe('slow')
  const refused = await client.final()
  expect([refused.status, refused.text, refused.field('connection')]).toEqual([409, 'no', 'close'])
})
