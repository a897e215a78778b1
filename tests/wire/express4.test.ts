// Express 4: what holds there too. (Its routes do not catch rejections: `next(error)` is the way.)

import { errorHandler, expectation, Refusal } from '@expectation/express'
import express4, { type Express } from 'express4'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { closesAfter, refused, stillUsable } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { serve } from '../support/server.js'

keepConsoleErrors()

function application(handler: 'errorHandler' | 'none'): Express {
  const app = express4()
  app.use(expectation({ maxContentLength: '1gb' }))
  app.use('/api', express4.json({ limit: 4 }))
  app.get('/hello', (_req, res) => void res.send('hello'))
  app.put('/typed/:name', expectation({ acceptedTypes: ['video/*'] }))
  app.put('/private/:name', (_req, _res, next) => next(new Refusal(403)))
  app.put('/throws/:name', () => {
    throw new Error('private')
  })
  app.put('/files/:name', (req, res) => {
    req.on('data', () => undefined).on('end', () => res.send('stored'))
  })
  if (handler === 'errorHandler') app.use(errorHandler())
  return app
}

test('law 2 (RFC 9110 10.1.1), Express 4: one 100 at the first read, connection kept', async () => {
  const client = await RawClient.connect(await serve(application('errorHandler')))
  client.send(asking())
  await client.continue()
  client.send('12345')
  expect((await client.final()).text).toBe('stored')
  expect((await stillUsable(client, '/hello')).text).toBe('hello')
})

for (const handler of ['errorHandler', 'none'] as const) {
  for (const [shown, request, status, reason] of [
    ['too large', asking({ length: 2 ** 31 }), 413, 'content_too_large'],
    ['wrong type', asking({ target: '/typed/a' }), 415, 'unsupported_media_type'],
    ['unsupported', head({ expect: 'foo', length: 5 }), 417, 'unsupported_expectation'],
    ['malformed', head({ expect: 'y 100-continue', length: 5 }), 417, 'malformed_expectation'],
  ] as const) {
    test(`R16 MUST (RFC 9110 10.1.1), Express 4, ${handler}: ${shown} is ${status}`, async () => {
      const client = await RawClient.connect(await serve(application(handler)))
      client.send(request)
      await refused(client, status, reason)
    })
  }

  for (const [shown, target, status, type] of [
    ["Express's own 404", '/nowhere', 404, 'text/plain'],
    ['an application error', '/private/a', 403, 'text/plain'],
    ['an error thrown before reading', '/throws/a', 500, 'text/plain'],
    ["express.json()'s limit", '/api/a', 413, 'application/json'],
  ] as const) {
    for (const line of ['100-continue', []] as const) {
      const asked = line === '100-continue' ? 'with Expect' : 'without Expect'
      test(`R26 MUST (RFC 9112 9.6), Express 4, ${handler}, ${asked}: ${shown}: ${status}`, async () => {
        const client = await RawClient.connect(await serve(application(handler)))
        client.send(head({ target, expect: line, length: 100_000_000, type }))
        const response = await client.final()
        expect(response.status).toBe(status)
        await closesAfter(client, response)
      })
    }
  }
}
