// Error and not-found handlers: normalized with errorHandler registered; the application's own win,
// without a warning, wherever they are set; and nobody asks for content that no route takes.
import { errorHandler, expectation, Refusal } from '@expectation/fastify'
import fastify, { type FastifyInstance } from 'fastify'
import { afterThisTest } from '../../support/cleanup.js'
import { closesAfter, refused } from '../../support/refusal.js'
import { asking, head } from '../../support/request.js'
import { build, connect, get, open } from './application.js'

const warnings: string[] = []
const note = (warning: Error & { code?: string }): void => {
  warnings.push(`${warning.code ?? warning.name}: ${warning.message}`)
}
beforeEach(() => {
  warnings.length = 0
  process.on('warning', note)
})
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', note)
  expect(warnings).toEqual([])
})

type Place = 'before register' | 'after register' | 'in a child'

async function withOwnHandler(place: Place): Promise<FastifyInstance> {
  const app = fastify({ allowErrorHandlerOverride: false })
  afterThisTest(() => app.close())
  const own = (to: FastifyInstance): void => {
    to.setErrorHandler((error, _request, reply) => {
      const { statusCode } = error as { readonly statusCode?: number }
      reply.code(statusCode ?? 500).send({ mine: statusCode ?? 500 })
    })
  }
  if (place === 'before register') own(app)
  await app.register(expectation, { maxContentLength: 4 })
  await app.register(errorHandler)
  if (place === 'after register') own(app)
  await app.register(async (inner) => {
    if (place === 'in a child') own(inner)
    inner.put('/files/:name', async () => 'stored')
    inner.get('/broken', () => {
      throw new Refusal(409)
    })
  })
  return app
}

for (const place of ['before register', 'after register', 'in a child'] as const) {
  test(`packages/fastify/README.md: the application's own setErrorHandler, set ${place}, wins`, async () => {
    const app = await withOwnHandler(place)
    expect((await get(app, '/broken')).body).toEqual({ mine: 409 })
    const client = await open(app)
    client.send(asking())
    const response = await client.final()
    expect(response.status).toBe(413)
    expect(response.json()).toEqual({ mine: 413 })
    await closesAfter(client, response)
  })
}

describe('404', () => {
  for (const line of ['100-continue', []]) {
    const asked = line.length === 0 ? 'without Expect' : 'with Expect'
    for (const type of ['application/json', 'text/plain', 'video/mp4']) {
      test(`law 2: ${asked}, ${type}: no route, no 100, at once, normalized`, async () => {
        const { app } = await build()
        const client = await open(app)
        client.send(head({ target: '/nowhere', expect: line, length: 100_000, type }))
        await refused(client, 404, 'not_found')
      })
    }
  }

  test('an asynchronous setNotFoundHandler that returns its answer', async () => {
    const { app } = await build()
    app.setNotFoundHandler(async (_request, reply) => {
      await Promise.resolve()
      reply.code(404)
      return { mine: true }
    })
    const client = await open(app)
    client.send(head({ method: 'GET', target: '/nowhere' }))
    const response = await client.final()
    expect(response.status).toBe(404)
    expect(response.json()).toEqual({ mine: true })
  })

  test('a setNotFoundHandler that throws is an error like any other', async () => {
    const { app } = await build()
    app.setNotFoundHandler(() => {
      throw new Refusal(410, { reason: 'moved_away' })
    })
    const client = await open(app)
    client.send(head({ method: 'GET', target: '/nowhere' }))
    expect((await client.final()).json()).toMatchObject({ error: { reason: 'moved_away' } })
  })

  test('without content Fastify goes its usual way', async () => {
    const { app } = await build()
    const response = await get(app, '/nowhere')
    expect(response.status).toBe(404)
    expect(response.body).toMatchObject({ error: { reason: 'not_found' } })
  })

  test('reply.callNotFound() in a route is answered in the same shape', async () => {
    const { app } = await build()
    app.get('/gone', (_request, reply) => reply.callNotFound())
    const response = await get(app, '/gone')
    expect(response.status).toBe(404)
    expect(response.body).toMatchObject({ error: { reason: 'not_found' } })
  })
})

test("Fastify's own errors keep their status and get the shape", async () => {
  const { app } = await build()
  const client = await open(app)
  client.send(
    `${head({ method: 'POST', target: '/json', type: 'application/json', length: 3 })}{a}`,
  )
  expect((await client.final()).json()).toMatchObject({ error: { code: 400 } })
  app.addresses()
  const second = await connect(app)
  second.send(asking({ method: 'POST', target: '/hello' }))
  await refused(second, 404, 'not_found')
})
