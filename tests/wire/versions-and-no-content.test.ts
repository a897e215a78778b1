// Requests on which an expectation means little or nothing: HTTP/1.0, and requests without content.

import { expectation } from '@expectation/express'
import express from 'express'
import { RawClient } from '../support/raw-client.js'
import { checkBody, stillUsable } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { latch, serve } from '../support/server.js'
import { uploads } from '../support/uploads.js'

describe('HTTP/1.0', () => {
  for (const value of ['100-continue', 'something-else', 'y 100-continue', '100-continue, foo']) {
    test(`R11 MUST (RFC 9110 10.1.1): Expect: ${value} in HTTP/1.0 is ignored`, async () => {
      const { app, save } = uploads()
      const client = await RawClient.connect(await serve(app))
      client.send(`${head({ version: '1.0', expect: value, length: 5 })}12345`)
      const response = await client.final()
      expect(response.status).toBe(200)
      expect(response.json()).toEqual({ content: '12345' })
      expect(save.calls).toBe(1)
    })
  }

  test('R12 MUST NOT (RFC 9110 15.2): no 100 goes to a client of HTTP/1.0 that waits', async () => {
    const client = await RawClient.connect(await serve(uploads().app))
    client.send(head({ version: '1.0', expect: '100-continue', length: 5 }))
    await client.quiet(40)
    client.send('12345')
    expect((await client.final()).status).toBe(200)
  })

  test('R12 MUST NOT (RFC 9110 15.2): nor when the connection is asked to be kept', async () => {
    const client = await RawClient.connect(await serve(uploads().app))
    const lines = ['Connection: keep-alive']
    client.send(head({ version: '1.0', expect: '100-continue', length: 5, lines }))
    await client.quiet(40)
    client.send('12345')
    expect((await client.final()).json()).toEqual({ content: '12345' })
  })

  test('law 1: a limit holds for HTTP/1.0 too', async () => {
    const { app, save } = uploads({ maxContentLength: 4 })
    const client = await RawClient.connect(await serve(app))
    client.send(head({ version: '1.0', expect: '100-continue', length: 5 }))
    const response = await client.final()
    checkBody(response, 413, 'content_too_large')
    expect(await client.fin()).toBe('')
    expect(save.calls).toBe(0)
  })
})

describe('no content', () => {
  const without = [
    { shown: 'GET', request: head({ method: 'GET', target: '/hello', expect: '100-continue' }) },
    {
      shown: 'GET with Content-Length: 0',
      request: head({ method: 'GET', target: '/hello', expect: '100-continue', length: 0 }),
    },
    { shown: 'PUT with Content-Length: 0', request: asking({ length: 0 }) },
    { shown: 'PUT without framing', request: head({ expect: '100-continue' }) },
  ]
  for (const { shown, request } of without) {
    test(`R13 MAY, R6 (RFC 9110 10.1.1): 100-continue on ${shown} is ignored`, async () => {
      const client = await RawClient.connect(await serve(uploads().app))
      client.send(request)
      const response = await client.final()
      expect(response.status).toBe(200)
      expect(response.field('connection')?.toLowerCase()).not.toBe('close')
      expect((await stillUsable(client, '/hello')).text).toBe('hello')
      await client.quiet(20)
    })
  }

  for (const value of ['something-else', '100-continue, foo']) {
    test(`R4 MAY (RFC 9110 10.1.1): Expect: ${value} is 417 without content too`, async () => {
      const client = await RawClient.connect(await serve(uploads().app))
      client.send(head({ method: 'GET', target: '/hello', expect: value }))
      checkBody(await client.final(), 417, 'unsupported_expectation')
    })
  }

  test('R1 grammar (RFC 9110 10.1.1): a malformed one is 417 without content too', async () => {
    const client = await RawClient.connect(await serve(uploads().app))
    client.send(head({ method: 'GET', target: '/hello', expect: 'y 100-continue' }))
    checkBody(await client.final(), 417, 'malformed_expectation')
  })

  test('law 10: content rules do not concern a request without content', async () => {
    const options = {
      maxContentLength: 1,
      requireContentLength: true,
      acceptedTypes: ['video/*'],
      checks: [
        () => {
          throw new Error('not asked')
        },
      ],
    }
    const client = await RawClient.connect(await serve(uploads(options).app))
    client.send(head({ method: 'GET', target: '/hello', type: 'text/plain' }))
    expect((await client.final()).text).toBe('hello')
    expect((await stillUsable(client, '/hello')).text).toBe('hello')
  })

  test('HEAD: a refusal has the fields of the body and no body (RFC 9110 9.3.2)', async () => {
    const client = await RawClient.connect(await serve(uploads().app))
    client.send(head({ method: 'HEAD', target: '/hello', expect: 'something-else' }))
    const response = await client.final({ method: 'HEAD' })
    expect(response.status).toBe(417)
    expect(Number(response.field('content-length'))).toBeGreaterThan(0)
    client.halfClose()
    expect(await client.fin()).toBe('')
  })
})

describe('pipelining', () => {
  test('R29 MUST (RFC 9112 9.3.2): a 100 does not overtake the answer before it', async () => {
    const go = latch()
    const app = express()
    app.use(expectation())
    app.get('/slow', async (_req, res) => {
      await go.opened
      res.send('slow')
    })
    app.put('/files/:name', (req, res) => {
      req.on('data', () => undefined).on('end', () => res.send('stored'))
    })
    const client = await RawClient.connect(await serve(app))
    client.send(head({ method: 'GET', target: '/slow' }) + asking())
    await client.quiet(40)
    go.open()
    expect((await client.final()).text).toBe('slow')
    await client.continue()
    client.send('12345')
    expect((await client.final()).text).toBe('stored')
  })

  test('R29 MUST (RFC 9112 9.3.2): nor does a refusal', async () => {
    const go = latch()
    const app = express()
    app.use(expectation({ maxContentLength: 4 }))
    app.get('/slow', async (_req, res) => {
      await go.opened
      res.send('slow')
    })
    const client = await RawClient.connect(await serve(app))
    client.send(head({ method: 'GET', target: '/slow' }) + asking())
    await client.quiet(40)
    go.open()
    expect((await client.final()).text).toBe('slow')
    const response = await client.final()
    expect(response.status).toBe(413)
    expect(response.field('connection')).toBe('close')
    expect(await client.fin()).toBe('')
  })
})
