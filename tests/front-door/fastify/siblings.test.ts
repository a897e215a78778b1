// Fastify like Express and Koa: the gate answers its own refusals and nothing else; error handlers of
// the application see them; everything else is asked for by registering `errorHandler`.

import { openApiResponses } from '@expectation/core'
import { errorHandler, expectation, Refusal } from '@expectation/fastify'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { connect, open } from '../../contract/fastify/application.js'
import { afterThisTest } from '../../support/cleanup.js'
import { checkBody, closesAfter, refused } from '../../support/refusal.js'
import { asking, chunks, head } from '../../support/request.js'
import { contentOf } from '../../support/uploads.js'

type Prepare = (app: FastifyInstance) => unknown

async function build(
  prepare: Prepare,
  options: FastifyServerOptions = {},
): Promise<FastifyInstance> {
  const app = fastify(options)
  afterThisTest(() => app.close())
  await prepare(app)
  app.addContentTypeParser('*', (_request, content, done) => done(null, content))
  app.put('/files/:name', async () => 'stored')
  app.post(
    '/users',
    { schema: { body: { type: 'object', required: ['name'] } } },
    async () => 'made',
  )
  app.get('/coded', () => {
    throw Object.assign(new Error('No such plan'), { statusCode: 402, code: 'PLAN' })
  })
  app.get('/broken', () => {
    throw new Error('db password')
  })
  return app
}

const gate: Prepare = (app) => app.register(expectation, { maxContentLength: 4 })

async function get(app: FastifyInstance, target: string): Promise<unknown> {
  const client = await connect(app)
  return (await client.send(head({ method: 'GET', target })).final()).json()
}

test('law 0: the gate leaves every error body of the API alone', async () => {
  const shapes: unknown[] = []
  for (const prepare of [() => undefined, gate]) {
    const app = await build(prepare)
    const client = await open(app)
    const post = head({ method: 'POST', target: '/users', type: 'application/json', length: 2 })
    const validation = (await client.send(`${post}{}`).final()).json()
    shapes.push([
      validation,
      await get(app, '/nowhere'),
      await get(app, '/coded'),
      await get(app, '/broken'),
    ])
  }
  expect(shapes[1]).toEqual(shapes[0])
  expect(shapes[1]).toMatchObject([
    { code: 'FST_ERR_VALIDATION', statusCode: 400 },
    { statusCode: 404, message: 'Route GET:/nowhere not found' },
    { statusCode: 402, code: 'PLAN', message: 'No such plan' },
    { statusCode: 500, message: 'db password' },
  ])
})

test('packages/fastify/README.md: its own refusals have the shape of every adapter, without errorHandler', async () => {
  const client = await open(await build(gate))
  client.send(asking())
  await refused(client, 413, 'content_too_large')
})

test('law 7: so has one that comes while content is read, once, with what hooks have set', async () => {
  const told: string[] = []
  const app = await build(async (instance) => {
    await gate(instance)
    instance.addHook('onRequest', async (_request, reply) => {
      reply.header('X-Set', 'by a hook')
    })
    instance.addHook('onError', async (_request, _reply, error) => void told.push(error.message))
    instance.put('/read/:name', async (request) => contentOf(request.raw))
    instance.put('/own/:name', {
      errorHandler(error) {
        throw error
      },
      handler: async (request) => contentOf(request.raw),
    })
  })
  await open(app)
  for (const target of ['/read/a', '/own/a']) {
    const client = await connect(app)
    await client.send(head({ target, chunked: true, expect: '100-continue' })).continue()
    const answer = await client.send(chunks('hello')).final()
    checkBody(answer, 413, 'content_too_large')
    expect(answer.field('x-set')).toBe('by a hook')
  }
  expect(await get(app, '/broken')).toMatchObject({ message: 'db password' })
  expect(told.filter((message) => message === 'db password')).toHaveLength(1)
})

test('errorHandler is what gives the rest that shape, also to routes that came before', async () => {
  const app = await build((instance) => {
    instance.register(expectation, { maxContentLength: 4 })
    instance.register(errorHandler, { format: 'flat' })
  })
  await open(app)
  expect(await get(app, '/nowhere')).toEqual({ error: 'not_found', message: 'Not Found' })
  expect(await get(app, '/broken')).toMatchObject({ error: 'internal_error' })
})

const places: Readonly<Record<string, Prepare>> = {
  'of the instance, set before the gate': (app) => {
    own(app)
    return gate(app)
  },
  'of the instance, set behind the gate': async (app) => {
    await gate(app)
    own(app)
  },
  'of the instance, beside errorHandler': async (app) => {
    await gate(app)
    await app.register(errorHandler)
    own(app)
  },
}

function own(app: FastifyInstance): void {
  app.setErrorHandler((error, _request, reply) => {
    const refusal = error instanceof Refusal
    reply.code(refusal ? error.status : 500).send({ mine: refusal && error.reason })
  })
}

for (const [shown, prepare] of Object.entries(places)) {
  test(`law 7: an error handler ${shown} sees a refusal`, async () => {
    const client = await open(await build(prepare, { allowErrorHandlerOverride: false }))
    client.send(asking())
    const answer = await client.final()
    expect(answer.json()).toEqual({ mine: 'content_too_large' })
    await closesAfter(client, answer)
  })
}

for (const normalized of [false, true]) {
  test(`law 7: an error handler of the route sees a refusal, errorHandler ${normalized}`, async () => {
    const app = await build(async (instance) => {
      await gate(instance)
      if (normalized) await instance.register(errorHandler)
      instance.put('/own/:name', {
        errorHandler(error, _request, reply) {
          reply.code(413).send({ route: error instanceof Refusal && error.reason })
        },
        handler: async () => 'stored',
      })
      instance.put('/rethrows/:name', {
        errorHandler(error) {
          throw error
        },
        handler: async () => 'stored',
      })
    })
    const client = await open(app)
    client.send(asking({ target: '/own/a' }))
    expect((await client.final()).json()).toEqual({ route: 'content_too_large' })
    const second = await connect(app)
    second.send(asking({ target: '/rethrows/a' }))
    const answer = await second.final()
    expect(answer.status).toBe(413)
    await closesAfter(second, answer)
  })
}

test("register's own options are Fastify's", async () => {
  const app = await build(async (instance) => {
    const ofRegister = { prefix: '/api', logLevel: 'warn', logSerializers: {} } as const
    await instance.register(expectation, { maxContentLength: 4, ...ofRegister })
    await instance.register(errorHandler, { ...ofRegister })
    await instance.register(async (inner) => {
      inner.register(expectation, () => ({ maxContentLength: 2 }))
    })
  })
  const client = await open(app)
  client.send(asking())
  await refused(client, 413, 'content_too_large')
})

test('what errorHandler does is not an option of the gate', async () => {
  const wrong = { errorHandler: true } as object
  await expect(build((app) => app.register(expectation, wrong))).rejects.toMatchObject({
    code: 'ERR_EXPECTATION_UNKNOWN_OPTION',
    message: expect.stringContaining('Register the errorHandler plugin'),
  })
})

test('schema.response takes openApiResponses(): it boots, and no body is written otherwise', async () => {
  const bodies: unknown[] = []
  for (const response of [{}, openApiResponses()]) {
    const app = await build(async (instance) => {
      await gate(instance)
      instance.put('/documented/:name', { schema: { response } }, async () => 'stored')
      instance.get('/limited', { schema: { response } }, () => {
        throw Object.assign(new Error('Too much'), { statusCode: 413 })
      })
    })
    const client = await open(app)
    client.send(asking({ target: '/documented/a' }))
    await refused(client, 413, 'content_too_large')
    bodies.push(await get(app, '/limited'))
  }
  expect(bodies[1]).toEqual(bodies[0])
})
