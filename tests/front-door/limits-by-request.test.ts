// A limit that depends on who asks: found from the framework's own request, in which authentication
// has left the user by then, and answered as any other limit, before the content.

import type { LimitOf } from '@expectation/core'
import { errorHandler, expectation } from '@expectation/express'
import { expectation as fastifyGate } from '@expectation/fastify'
import { errorHandler as koaErrors, expectation as koaGate } from '@expectation/koa'
import { Router } from '@koa/router'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { refused } from '../support/refusal.js'
import { asking } from '../support/request.js'
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
const broken: LimitOf<number> = () => -1

type Options = NonNullable<Parameters<typeof expectation>[0]>

const FRAMEWORKS: Readonly<Record<string, (options: Options) => Promise<{ port: number }>>> = {
  async Express(options) {
    const app = express()
    app.use((request, _response, next) => {
      Object.assign(request, { plan: request.get('x-plan') } satisfies Known)
      next()
    })
    app.put('/files/:name', expectation(options), async (request, response) => {
      response.send(await contentOf(request))
    })
    return serve(app.use(errorHandler()))
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

    test('an answer that is no limit lets nothing through: 500', async () => {
      const client = await RawClient.connect(await build({ maxContentLength: broken }))
      expect((await client.send(asking()).final()).status).toBe(500)
    })
  })
}
