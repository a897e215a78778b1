// A request that no route took meets every hook that plain Fastify would run for it, with content or
// without: an application guards its not-found handler by hooks. Only where no hook is left to run,
// and the handler is Fastify's own, the 404 is given before the content. Over sockets: a request that
// `inject` makes has no content on the wire.

import { errorHandler, expectation } from '@expectation/fastify'
import fastify, { type FastifyInstance } from 'fastify'
import { connect } from '../../contract/fastify/application.js'
import { afterThisTest } from '../../support/cleanup.js'
import { closesAfter } from '../../support/refusal.js'
import { asking, head } from '../../support/request.js'

type Plugins = 'none' | 'expectation' | 'expectation and errorHandler' | 'errorHandler first'
type Prepare = (app: FastifyInstance) => void | Promise<void>

const PLUGINS: readonly Plugins[] = [
  'none',
  'expectation',
  'expectation and errorHandler',
  'errorHandler first',
]

async function open(plugins: Plugins, before: Prepare, behind: Prepare): Promise<FastifyInstance> {
  const app = fastify()
  afterThisTest(() => app.close())
  await before(app)
  if (plugins === 'errorHandler first') await app.register(errorHandler)
  // The first two are how it always is now; they were options once, and mean no harm.
  const options = { notFound: false, errorHandler: false, maxContentLength: '1mb' }
  if (plugins !== 'none') await app.register(expectation, options)
  if (plugins === 'expectation and errorHandler') await app.register(errorHandler)
  await behind(app)
  app.get('/known', () => 'known')
  await app.listen({ port: 0, host: '127.0.0.1' })
  return app
}

async function ask(app: FastifyInstance, bytes: string): Promise<number> {
  const client = await connect(app)
  return (await client.send(bytes).answer()).status
}

const json = (method: string): string =>
  `${head({ method, target: '/x', length: 7, type: 'application/json' })}{"a":1}`
const REQUESTS: Readonly<Record<string, string>> = {
  'GET without content': head({ method: 'GET', target: '/x' }),
  'GET with one byte': `${head({ method: 'GET', target: '/x', length: 1 })}1`,
  'POST of JSON': json('POST'),
  'PUT of JSON that asks': `${head({ method: 'PUT', target: '/x', length: 7, type: 'application/json', expect: '100-continue' })}{"a":1}`,
  'DELETE of JSON': json('DELETE'),
  'POST, chunked': `${head({ method: 'POST', target: '/x', chunked: true, type: 'text/plain' })}1\r\na\r\n0\r\n\r\n`,
}

const guard: Prepare = (app) => {
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization !== 'secret') return reply.code(401).send('login')
    return undefined
  })
}
const lateGuard =
  (hook: 'preHandler' | 'preValidation'): Prepare =>
  (app) => {
    app.addHook(hook, async (request, reply) => {
      if (request.headers.authorization !== 'secret') return reply.code(401).send('login')
      return undefined
    })
  }
const parsingGuard: Prepare = (app) => {
  app.addHook('preParsing', (request, reply, payload, done) => {
    if (request.headers.authorization === 'secret') done(null, payload)
    else reply.code(401).send('login')
  })
}
const ownHandler: Prepare = (app) => {
  app.setNotFoundHandler(async (_request, reply) => reply.code(200).send('handler ran'))
}
const guardedHandler: Prepare = (app) => {
  app.setNotFoundHandler(
    { preHandler: (_request, reply, _done) => reply.code(429).send('slow down') },
    async (_request, reply) => reply.code(200).send('handler ran'),
  )
}
const both =
  (...prepare: readonly Prepare[]): Prepare =>
  async (app) => {
    for (const each of prepare) await each(app)
  }
const nothing: Prepare = () => undefined

const GUARDS: Readonly<Record<string, readonly [Prepare, Prepare, number]>> = {
  'onRequest before the plugin': [guard, ownHandler, 401],
  'onRequest behind the plugin': [nothing, both(guard, ownHandler), 401],
  'onRequest behind it, no handler of its own': [nothing, guard, 401],
  'preParsing before the plugin': [parsingGuard, nothing, 401],
  'preParsing behind the plugin': [nothing, parsingGuard, 401],
  'preValidation before the plugin': [lateGuard('preValidation'), ownHandler, 401],
  'preValidation behind it, no handler of its own': [nothing, lateGuard('preValidation'), 401],
  'preHandler before the plugin': [lateGuard('preHandler'), ownHandler, 401],
  'preHandler behind the plugin': [nothing, both(lateGuard('preHandler'), ownHandler), 401],
  'preHandler behind it, no handler of its own': [nothing, lateGuard('preHandler'), 401],
  'preHandler of the handler itself': [nothing, guardedHandler, 429],
  'preHandler of a handler that was set before': [guardedHandler, nothing, 429],
}

for (const plugins of PLUGINS) {
  describe(`law 0, with ${plugins}`, () => {
    for (const [shown, [before, behind, status]] of Object.entries(GUARDS)) {
      test(`${shown}: it is asked for whatever no route took`, async () => {
        const app = await open(plugins, before, behind)
        const answers: Record<string, number> = {}
        for (const [name, bytes] of Object.entries(REQUESTS)) answers[name] = await ask(app, bytes)
        const expected = Object.keys(REQUESTS).map((name) => [name, status])
        expect(answers).toEqual(Object.fromEntries(expected))
      })
    }

    test('a handler of the application gets the content that Fastify parsed', async () => {
      const app = await open(plugins, nothing, (instance) => {
        instance.setNotFoundHandler((request, reply) => {
          reply.code(200).send({ got: request.body })
        })
      })
      const client = await connect(app)
      expect((await client.send(json('POST')).final()).json()).toEqual({ got: { a: 1 } })
    })

    test('a handler under a prefix keeps its hooks', async () => {
      const app = await open(plugins, nothing, (instance) => {
        instance.register(
          async (inner) => {
            await lateGuard('preHandler')(inner)
            await ownHandler(inner)
          },
          { prefix: '/inner' },
        )
      })
      const bytes = json('POST').replace('/x', '/inner/x')
      expect(await ask(app, bytes)).toBe(401)
      expect(await ask(app, bytes.replace('Host', 'Authorization: secret\r\nHost'))).toBe(200)
    })
  })
}

for (const plugins of PLUGINS.slice(1)) {
  test(`law 2, with ${plugins}: hooks that let it pass leave the 404 to be given from the head`, async () => {
    const seen: string[] = []
    const app = await open(plugins, nothing, (instance) => {
      instance.addHook('onRequest', async () => void seen.push('onRequest'))
      instance.addHook('onSend', async () => void seen.push('onSend'))
      instance.addHook('onResponse', async () => void seen.push('onResponse'))
    })
    const client = await connect(app)
    client.send(asking({ target: '/x', length: 100_000, type: 'application/json' }))
    const answer = await client.final()
    expect(answer.status).toBe(404)
    await closesAfter(client, answer)
    expect(seen).toEqual(['onRequest', 'onSend', 'onResponse'])
  })
}
