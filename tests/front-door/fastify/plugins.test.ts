// Fastify's own plugins beside ours: what they guard stays guarded, and what they say stays said.

import { errorHandler, expectation } from '@expectation/fastify'
import basicAuth from '@fastify/basic-auth'
import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance } from 'fastify'
import { connect } from '../../contract/fastify/application.js'
import { afterThisTest } from '../../support/cleanup.js'
import type { WireResponse } from '../../support/parse-response.js'
import { head } from '../../support/request.js'

const PLUGINS = [
  ['expectation', [expectation]],
  ['expectation and errorHandler', [expectation, errorHandler]],
] as const

async function build(
  ours: (typeof PLUGINS)[number][1],
  prepare: (app: FastifyInstance) => Promise<void>,
): Promise<FastifyInstance> {
  const app = fastify()
  afterThisTest(() => app.close())
  for (const plugin of ours) await app.register(plugin)
  await prepare(app)
  await app.listen({ port: 0, host: '127.0.0.1' })
  return app
}

async function ask(app: FastifyInstance, bytes: string): Promise<WireResponse> {
  return (await connect(app)).send(bytes).final()
}

const post = `${head({ method: 'POST', target: '/guess', length: 7, type: 'application/json', lines: ['Origin: https://app.example'] })}{"a":1}`

for (const [shown, ours] of PLUGINS) {
  describe(shown, () => {
    test('law 0: @fastify/rate-limit on the not-found handler counts requests with content', async () => {
      const app = await build(ours, async (instance) => {
        await instance.register(rateLimit, { global: false, max: 2 })
        instance.setNotFoundHandler({ preHandler: instance.rateLimit() }, (_request, reply) => {
          reply.code(404).send('no')
        })
      })
      const statuses: number[] = []
      for (let time = 0; time < 4; time += 1) statuses.push((await ask(app, post)).status)
      expect(statuses).toEqual([404, 404, 429, 429])
    })

    test('law 0: @fastify/rate-limit keeps its Retry-After', async () => {
      const app = await build(ours, async (instance) => {
        await instance.register(rateLimit, { max: 1, timeWindow: '1 hour' })
        instance.get('/', async () => 'page')
      })
      const get = head({ method: 'GET', target: '/' })
      expect((await ask(app, get)).status).toBe(200)
      const refused = await ask(app, get)
      expect(refused.status).toBe(429)
      expect(Number(refused.field('retry-after'))).toBeGreaterThan(1000)
      expect(refused.values('retry-after')).toHaveLength(1)
    })

    test('law 0: @fastify/basic-auth keeps its challenge', async () => {
      const app = await build(ours, async (instance) => {
        await instance.register(basicAuth, {
          authenticate: { realm: 'admin' },
          validate: async () => {
            throw new Error('no')
          },
        })
        instance.get('/', { onRequest: instance.basicAuth }, async () => 'page')
      })
      const refused = await ask(app, head({ method: 'GET', target: '/' }))
      expect(refused.status).toBe(401)
      expect(refused.values('www-authenticate')).toEqual([
        expect.stringMatching(/^Basic realm="admin"/),
      ])
    })

    test('law 7: @fastify/cors behind ours is on a 404 of content', async () => {
      const app = await build(ours, async (instance) => void (await instance.register(cors)))
      const refused = await ask(app, post)
      expect(refused.status).toBe(404)
      expect(refused.field('access-control-allow-origin')).toBe('*')
    })
  })
}
