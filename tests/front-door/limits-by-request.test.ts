// A limit that depends on who asks: found from the framework's own request, in which authentication
// has left the user by then, and answered as any other limit, before the content.

import http from 'node:http'
import { type LimitOf, Refusal } from '@expectation/core'
import { attach } from '@expectation/core/node'
import { errorHandler, expectation } from '@expectation/express'
import { expectation as fastifyGate } from '@expectation/fastify'
import { errorHandler as koaErrors, expectation as koaGate } from '@expectation/koa'
import { Router } from '@koa/router'
import express from 'express'
import express4 from 'express4'
import fastify from 'fastify'
import Koa from 'koa'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, refused } from '../support/refusal.js'
import { asking, chunks, head } from '../support/request.js'
import { serve } from '../support/server.js'
import { contentOf } from '../support/uploads.js'

keepConsoleErrors()

const LIMITS: Readonly<Record<string, string>> = { free: '10b', paid: '1mb' }
const TYPES: Readonly<Record<string, readonly string[]>> = { free: ['image/*'], paid: ['*/*'] }

/** What authentication leaves on a request. */
interface Known {
  plan?: string | undefined
}

const planOf = (request: unknown): string => (request as Known).plan ?? 'free'
const size: LimitOf<string> = (_head, { request }) => LIMITS[planOf(request)]
const types: LimitOf<readonly string[]> = (_head, { request }) => TYPES[planOf(request)]
const later =
  <Limit>(find: LimitOf<Limit>): LimitOf<Limit> =>
  async (head, context) => {
    await new Promise((resolve) => setImmediate(resolve))
    return find(head, context)
  }

const unlimited: readonly (readonly [string, number, LimitOf<number>])[] = [
  ['is no limit', 500, () => -1],
  ['never comes', 503, () => new Promise(() => undefined)],
  [
    'is thrown, and no error',
    500,
    async () => {
      throw Object.create(null)
    },
  ],
  [
    'is a refusal',
    402,
    () => {
      throw new Refusal(402)
    },
  ],
]

type Options = NonNullable<Parameters<typeof expectation>[0]>

const onExpress = (make: typeof express) => (options: Options) => {
  const app = make()
  app.use((request, _response, next) => {
    Object.assign(request, { plan: request.get('x-plan') } satisfies Known)
    next()
  })
  app.put('/files/:name', expectation(options), (request, response, next) => {
    contentOf(request).then((text) => response.send(text), next)
  })
  return serve(app.use(errorHandler({ log: () => undefined })))
}

/** Nothing stands before the gate of a bare server: the limit itself finds out who asks. */
const fromHead =
  <Limit>(find: LimitOf<Limit>): LimitOf<Limit> =>
  (asked, context) =>
    find(asked, { ...context, request: { plan: asked.field('x-plan') } satisfies Known })

const FRAMEWORKS: Readonly<Record<string, (options: Options) => Promise<{ port: number }>>> = {
  'Express 5': onExpress(express),
  'Express 4': onExpress(express4 as unknown as typeof express),
  async attach({ maxContentLength, acceptedTypes }) {
    const server = http.createServer((request, response) => {
      contentOf(request).then(
        (text) => response.end(text),
        () => response.destroy(),
      )
    })
    attach(server, {
      checkTimeoutMs: 100,
      ...(typeof maxContentLength === 'function' && {
        maxContentLength: fromHead(maxContentLength),
      }),
      ...(typeof acceptedTypes === 'function' && { acceptedTypes: fromHead(acceptedTypes) }),
    })
    return serve(server)
  },
  async Koa(options) {
    const app = new Koa().use(koaErrors())
    app.silent = true
    app.use((context, next) => {
      Object.assign(context.request, { plan: context.get('x-plan') || undefined } satisfies Known)
      return next()
    })
    const router = new Router().put('/files/:name', koaGate(options as object), async (context) => {
      context.body = await contentOf(context.req)
    })
    return serve(app.use(router.routes()))
  },
  async Fastify(options) {
    const app = fastify()
    afterThisTest(() => app.close())
    app.decorateRequest('plan', undefined)
    app.addHook('onRequest', async (request) => {
      Object.assign(request, { plan: request.headers['x-plan']?.toString() } satisfies Known)
    })
    await app.register(fastifyGate)
    app.addContentTypeParser('*', (_request, content, done) => done(null, content))
    const config = { expectation: options as object }
    app.put('/files/:name', { config }, async (request) => contentOf(request.raw))
    await app.ready()
    return serve(app.server)
  },
}

for (const [framework, build] of Object.entries(FRAMEWORKS)) {
  describe(framework, () => {
    for (const [shown, wrap] of [
      ['at once', <Limit>(find: LimitOf<Limit>) => find],
      ['later', later],
    ] as const) {
      test(`RFC 9110 15.5.14: a size found ${shown} holds for who asks, before any content`, async () => {
        const running = await build({ maxContentLength: wrap(size) })
        const free = await RawClient.connect(running)
        free.send(asking({ length: 11 }))
        const answer = await refused(free, 413, 'content_too_large')
        expect(answer.json()).toMatchObject({ error: { details: { limit: 10, declared: 11 } } })
        const paid = await RawClient.connect(running)
        await paid.send(asking({ length: 11, lines: ['X-Plan: paid'] })).continue()
        expect((await paid.send('x'.repeat(11)).final()).text).toBe('x'.repeat(11))
      })

      test(`RFC 9110 15.5.16: types found ${shown} hold for who asks`, async () => {
        const running = await build({ acceptedTypes: wrap(types) })
        const free = await RawClient.connect(running)
        free.send(asking({ type: 'video/mp4' }))
        const answer = await refused(free, 415, 'unsupported_media_type')
        expect(answer.field('accept')).toBe('image/*')
        const paid = await RawClient.connect(running)
        await paid.send(asking({ type: 'video/mp4', lines: ['X-Plan: paid'] })).continue()
      })
    }

    test('RFC 9110 15.5.14: content of undeclared length is counted, for who asks', async () => {
      const running = await build({ maxContentLength: later(size) })
      const most = await RawClient.connect(running)
      most.send(head({ chunked: true }) + chunks('x'.repeat(6), 'x'.repeat(4)))
      expect((await most.final()).text).toBe('x'.repeat(10))
      const over = await RawClient.connect(running)
      over.send(head({ chunked: true }) + chunks('x'.repeat(6), 'x'.repeat(5)))
      checkBody(await over.final(), 413, 'content_too_large')
      const asked = await RawClient.connect(running)
      await asked.send(head({ chunked: true, expect: '100-continue' })).continue()
      asked.send(chunks('x'.repeat(11)))
      checkBody(await asked.final(), 413, 'content_too_large')
      const paid = await RawClient.connect(running)
      paid.send(head({ chunked: true, lines: ['X-Plan: paid'] }) + chunks('x'.repeat(11)))
      expect((await paid.final()).text).toBe('x'.repeat(11))
    })

    test.each(unlimited)('an answer that %s lets nothing through: %i', async (...row) => {
      const [, status, maxContentLength] = row
      const running = await build({ maxContentLength, checkTimeoutMs: 100 })
      for (const chunked of [false, true]) {
        const client = await RawClient.connect(running)
        client.send(chunked ? head({ chunked }) + chunks('hello') : asking())
        expect((await client.final()).status).toBe(status)
      }
    })
  })
}
