// One policy, two entries (law 1): a request without Expect gets the same answer, and what a client
// has not sent by then is not waited for.

import { errorHandler, expectation, Refusal } from '@expectation/express'
import express, { type Express } from 'express'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { closesAfter } from '../support/refusal.js'
import { type HeadFields, head } from '../support/request.js'
import { serve } from '../support/server.js'

keepConsoleErrors()

function application(): Express {
  const app = express()
  app.use(expectation({ maxContentLength: 1_000_000_000 }))
  app.use('/api', express.json({ limit: 100 }))
  app.use('/private', (_req, _res, next) => {
    next(new Refusal(401, { headers: { 'WWW-Authenticate': 'Bearer realm="files"' } }))
  })
  app.use('/typed', expectation({ acceptedTypes: ['video/*', 'image/png'] }))
  app.use('/coded', expectation({ acceptedCodings: ['gzip'] }))
  app.use('/sized', expectation({ requireContentLength: true, maxContentLength: '1kb' }))
  app.use('/throws', () => {
    throw new Error('private')
  })
  app.use(
    '/quota',
    expectation({ checks: [() => new Refusal(429, { reason: 'quota_exhausted' })] }),
  )
  app.use(errorHandler())
  return app
}

interface Case {
  readonly shown: string
  readonly request: HeadFields
  readonly status: number
  readonly reason: string
  readonly fields?: Readonly<Record<string, string>>
}

const large = 100_000_000
const cases: readonly Case[] = [
  {
    shown: 'credentials',
    request: { target: '/private/a', length: large },
    status: 401,
    reason: 'unauthorized',
    fields: { 'www-authenticate': 'Bearer realm="files"' },
  },
  {
    shown: 'a declared size',
    request: { target: '/sized/a', length: large },
    status: 413,
    reason: 'content_too_large',
  },
  {
    shown: 'an undeclared size',
    request: { target: '/sized/a', chunked: true },
    status: 411,
    reason: 'length_required',
  },
  {
    shown: 'a type',
    request: { target: '/typed/a', length: large, type: 'text/plain' },
    status: 415,
    reason: 'unsupported_media_type',
    fields: { accept: 'video/*, image/png' },
  },
  {
    shown: 'a missing type',
    request: { target: '/typed/a', length: large },
    status: 415,
    reason: 'unsupported_media_type',
    fields: { accept: 'video/*, image/png' },
  },
  {
    shown: 'a coding',
    request: { target: '/coded/a', length: large, lines: ['Content-Encoding: br'] },
    status: 415,
    reason: 'unsupported_content_coding',
    fields: { 'accept-encoding': 'gzip' },
  },
  {
    shown: 'an unknown route',
    request: { target: '/nowhere', length: large },
    status: 404,
    reason: 'not_found',
  },
  {
    shown: 'a thrown error',
    request: { target: '/throws/a', length: large },
    status: 500,
    reason: 'internal_error',
  },
  {
    shown: "express.json()'s limit",
    request: { target: '/api/a', method: 'POST', length: large, type: 'application/json' },
    status: 413,
    reason: 'content_too_large',
  },
  {
    shown: 'a check',
    request: { target: '/quota/a', length: large },
    status: 429,
    reason: 'quota_exhausted',
  },
]

for (const { shown, request, status, reason, fields = {} } of cases) {
  test(`law 1, R16, R23 MUST (RFC 9110 10.1.1, 15.5): ${shown}: ${status} with and without Expect`, async () => {
    const running = await serve(application())
    const bodies: string[] = []
    for (const line of ['100-continue', []]) {
      const client = await RawClient.connect(running)
      client.send(head({ ...request, expect: line }))
      const response = await client.final()
      expect(response.status).toBe(status)
      expect(response.json()).toMatchObject({ error: { code: status, reason } })
      expect(response.field('cache-control')).toBe('no-store')
      for (const [name, value] of Object.entries(fields)) expect(response.field(name)).toBe(value)
      if (status === 429) expect(response.field('retry-after')).toMatch(/^\d+$/)
      await closesAfter(client, response)
      bodies.push(response.text)
    }
    expect(bodies[1]).toBe(bodies[0])
  })
}

describe('what passes', () => {
  const passes: readonly (readonly [string, HeadFields])[] = [
    ['a size at the limit', { target: '/sized/a', length: 1024 }],
    ['a type in a range', { target: '/typed/a', length: 1024, type: 'video/mp4; codecs="a"' }],
    ['a type in other letters', { target: '/typed/a', length: 1024, type: 'Image/PNG' }],
    ['an accepted coding', { target: '/coded/a', length: 1024, lines: ['Content-Encoding: GZIP'] }],
    ['no coding at all', { target: '/coded/a', length: 1024 }],
  ]
  for (const [shown, request] of passes) {
    test(`law 1: ${shown} is not refused`, async () => {
      const client = await RawClient.connect(await serve(application()))
      client.send(head({ ...request, expect: '100-continue' }))
      const response = await client.final()
      // No route takes it, so the gates let it pass when it gets as far as the 404.
      expect(response.status).toBe(404)
    })
  }
})

describe('content of undeclared length', () => {
  for (const line of ['100-continue', []] as const) {
    const asked = line === '100-continue' ? 'with Expect' : 'without Expect'
    test(`413 at the first byte over (RFC 9110 15.5.14), ${asked}`, async () => {
      const app = express().use(expectation({ maxContentLength: 10 }))
      app.put('/files/:name', async (req, res) => {
        for await (const _part of req);
        res.send('stored')
      })
      app.use(errorHandler())
      const client = await RawClient.connect(await serve(app))
      client.send(head({ expect: line, chunked: true }))
      if (line === '100-continue') await client.continue()
      client.send('5\r\n12345\r\n').send('5\r\n67890\r\n').send('1\r\nx\r\n')
      const response = await client.final()
      expect(response.status).toBe(413)
      expect(response.json()).toMatchObject({ error: { reason: 'content_too_large' } })
      await closesAfter(client, response)
    })

    test(`exactly at the limit is not over, ${asked}`, async () => {
      const app = express().use(expectation({ maxContentLength: 10 }))
      app.put('/files/:name', async (req, res) => {
        for await (const _part of req);
        res.send('stored')
      })
      const client = await RawClient.connect(await serve(app))
      client.send(head({ expect: line, chunked: true }))
      if (line === '100-continue') await client.continue()
      client.send('5\r\n12345\r\n').send('5\r\n67890\r\n').send('0\r\n\r\n')
      expect((await client.final()).text).toBe('stored')
    })
  }
})
