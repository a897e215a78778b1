// Registered inside a prefix, the plugin rules only that prefix: its gate and its errors.
import { errorHandler, expectation, Refusal } from '@expectation/fastify'
import fastify, { type FastifyInstance } from 'fastify'
import { afterThisTest } from '../../support/cleanup.js'
import { refused } from '../../support/refusal.js'
import { asking, head } from '../../support/request.js'
import { contentOf } from '../suite/actions.js'
import { connect, get, open } from './application.js'

async function encapsulated(): Promise<FastifyInstance> {
  const app = fastify()
  afterThisTest(() => app.close())
  app.addContentTypeParser('*', (_request, content, done) => done(null, content))
  await app.register(
    async (inner) => {
      await inner.register(expectation, { maxContentLength: 4 })
      await inner.register(errorHandler)
      inner.put('/:name', async (request) => contentOf(request.raw))
      inner.get('/broken', () => {
        throw new Refusal(409, { reason: 'exists' })
      })
    },
    { prefix: '/inside' },
  )
  app.put('/outside/:name', async (request) => contentOf(request.raw))
  app.get('/broken', () => {
    throw new Refusal(409, { reason: 'exists' })
  })
  return app
}

test('packages/fastify/README.md: the gate rules inside', async () => {
  const client = await open(await encapsulated())
  client.send(asking({ target: '/inside/a' }))
  await refused(client, 413, 'content_too_large')
})

test('packages/fastify/README.md: outside it decides nothing, and laws 2 to 4 hold there all the same', async () => {
  const app = await encapsulated()
  const client = await open(app)
  client.send(asking({ target: '/outside/a', length: 50 }))
  await client.continue()
  client.send('x'.repeat(50))
  expect((await client.final()).text).toBe('x'.repeat(50))
  const unknown = await connect(app)
  unknown.send(`${head({ target: '/outside/a', expect: 'something-else', length: 5 })}12345`)
  expect((await unknown.final()).text).toBe('12345')
})

test("packages/fastify/README.md: errors are normalized inside, and Fastify's own outside", async () => {
  const app = await encapsulated()
  const inside = await get(app, '/inside/broken')
  expect(inside.body).toMatchObject({ error: { code: 409, reason: 'exists' } })
  const outside = await get(app, '/broken')
  expect(outside.body).toMatchObject({ statusCode: 409, error: 'Conflict' })
})

test("packages/fastify/README.md: what no route took is Fastify's own outside", async () => {
  const app = await encapsulated()
  const outside = await get(app, '/nowhere')
  expect(outside.body).toMatchObject({ statusCode: 404, error: 'Not Found' })
})

test('the same plugin at the root reaches everything below', async () => {
  const app = fastify()
  afterThisTest(() => app.close())
  app.addContentTypeParser('*', (_request, content, done) => done(null, content))
  await app.register(expectation, { maxContentLength: 4 })
  await app.register(
    async (inner) => {
      inner.put('/:name', async (request) => contentOf(request.raw))
    },
    { prefix: '/below' },
  )
  const client = await open(app)
  client.send(asking({ target: '/below/a' }))
  await refused(client, 413, 'content_too_large')
})
