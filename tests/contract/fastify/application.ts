// The little Fastify application of these tests: one route that reads, one page beside it, both
// plugins.
import { type ExpectationPluginOptions, errorHandler, expectation } from '@expectation/fastify'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import request from 'supertest'
import { afterThisTest } from '../../support/cleanup.js'
import { RawClient } from '../../support/raw-client.js'
import { contentOf } from '../suite/actions.js'

export interface Built {
  readonly app: FastifyInstance
  /** How often the route ran. */
  readonly calls: () => number
}

/** Content comes to routes as a stream, except what Fastify parses by itself. */
export async function build(
  options: ExpectationPluginOptions = {},
  server: FastifyServerOptions = {},
): Promise<Built> {
  const app = fastify(server)
  afterThisTest(() => app.close())
  app.addContentTypeParser('*', (_request, content, done) => done(null, content))
  let calls = 0
  await app.register(expectation, options)
  await app.register(errorHandler)
  app.get('/hello', () => 'hello')
  app.put('/files/:name', async (request) => {
    calls += 1
    return { content: await contentOf(request.raw) }
  })
  app.post('/json', async (request) => {
    calls += 1
    return { parsed: request.body }
  })
  return { app, calls: () => calls }
}

/** Listens as applications do, and connects. */
export async function open(app: FastifyInstance): Promise<RawClient> {
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  return RawClient.connect({ port: Number(new URL(address).port) })
}

/** Another connection to an application that listens. */
export function connect(app: FastifyInstance): Promise<RawClient> {
  const address = app.addresses()[0]
  if (typeof address !== 'object') throw new Error('the application does not listen')
  return RawClient.connect({ port: address.port })
}

/** A plain GET, for what is not about content. */
export async function get(app: FastifyInstance, target: string): Promise<request.Response> {
  await app.ready()
  return request(app.server).get(target)
}
