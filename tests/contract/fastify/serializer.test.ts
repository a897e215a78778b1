// A serializer that a route or a hook sets is for what the route answers: plain Fastify writes errors past it,
// and so do errorHandler and the gate.
import { errorHandler, expectation, Refusal } from '@expectation/fastify'
import fastify, { type FastifyInstance } from 'fastify'
import { afterThisTest } from '../../support/cleanup.js'
import { checkBody } from '../../support/refusal.js'
import { chunks, head } from '../../support/request.js'
import { contentOf } from '../suite/actions.js'
import { open } from './application.js'

type Encode = (payload: unknown) => string

const serializers: readonly (readonly [string, Encode])[] = [
  ['that encodes once more', (payload) => JSON.stringify(payload)],
  [
    'that takes no text',
    (payload) => {
      if (typeof payload === 'string') throw new TypeError('not a message')
      return 'encoded'
    },
  ],
]

async function application(serializer: Encode, how: 'plain' | 'ours'): Promise<FastifyInstance> {
  const app = fastify()
  afterThisTest(() => app.close())
  app.addContentTypeParser('*', (_request, content, done) => done(null, content))
  app.addHook('onRequest', async (_request, reply) => void reply.serializer(serializer))
  if (how === 'ours') {
    await app.register(expectation, { maxContentLength: 4 })
    await app.register(errorHandler)
  }
  app.get('/conflict', async () => {
    throw new Refusal(409)
  })
  app.get('/fine', async () => ({ fine: true }))
  app.put('/files/:name', async (request) => ({ content: await contentOf(request.raw) }))
  return app
}

for (const [shown, serializer] of serializers) {
  describe(`a serializer ${shown}`, () => {
    test('does not get the errors of plain Fastify', async () => {
      const client = await open(await application(serializer, 'plain'))
      client.send(head({ method: 'GET', target: '/conflict' }))
      const answer = await client.final()
      expect(answer.status).toBe(409)
      expect(answer.json()).toMatchObject({ statusCode: 409 })
    })

    test('law 0: gets what a route answers', async () => {
      const client = await open(await application(serializer, 'ours'))
      client.send(head({ method: 'GET', target: '/fine' }))
      expect((await client.final()).text).toBe(serializer({ fine: true }))
    })

    test('law 0: does not get what a route throws', async () => {
      const client = await open(await application(serializer, 'ours'))
      client.send(head({ method: 'GET', target: '/conflict' }))
      checkBody(await client.final(), 409, 'conflict')
    })

    test('law 7: does not get a refusal of the gate, from the head', async () => {
      const client = await open(await application(serializer, 'ours'))
      client.send(head({ expect: '100-continue', length: 5 }))
      checkBody(await client.final(), 413, 'content_too_large')
    })

    test('law 7: does not get a refusal of the gate, while content is read', async () => {
      const client = await open(await application(serializer, 'ours'))
      client.send(head({ chunked: true }) + chunks('hello'))
      checkBody(await client.final(), 413, 'content_too_large')
    })

    test('law 7: does not get what no route took', async () => {
      const client = await open(await application(serializer, 'ours'))
      client.send(head({ method: 'GET', target: '/nowhere' }))
      checkBody(await client.final(), 404, 'not_found')
    })
  })
}
