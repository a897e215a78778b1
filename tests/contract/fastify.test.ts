import { errorHandler, expectation } from '@expectation/fastify'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { certificate } from '../support/certificate.js'
import type { Action, Application, Transport } from './suite/adapter.js'
import { describeContract } from './suite/describe-contract.js'

describeContract({
  name: 'Fastify',
  proves: '@expectation/fastify',
  transports: ['http', 'https', 'https-beside-http2', 'http2', 'http2-cleartext'],
  differences: {
    'gates narrow': "a route's config overrides the plugin's options, as its bodyLimit does",
  },
  serve: async (application, transport) => {
    const app = instance(transport)
    await build(app, application)
    await app.ready()
    return app.server
  },
})

function instance(transport: Transport): FastifyInstance {
  const made = {
    http: () => fastify(),
    https: () => fastify({ https: certificate }),
    'https-beside-http2': () =>
      fastify({ http2: true, https: { ...certificate, allowHTTP1: true } }),
    http2: () => fastify({ http2: true, https: certificate }),
    'http2-cleartext': () => fastify({ http2: true }),
  }[transport]()
  return made as unknown as FastifyInstance
}

async function build(app: FastifyInstance, application: Application): Promise<void> {
  const { gate, narrow, nested, before, behind, save, errors } = application
  // Content goes to the route as a stream, whatever its type.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, content, done) => done(null, content))
  if (before !== undefined) app.addHook('onRequest', hook(before))
  if (gate !== undefined) await app.register(expectation, gate)
  if (errors !== false) await app.register(errorHandler, { ...errors })
  if (behind !== undefined) app.addHook('onRequest', hook(behind))
  app.get('/hello', () => 'hello')
  app.put('/files/:name', run(save))
  if (narrow !== undefined) {
    app.put('/narrow/:name', { config: { expectation: narrow } }, run(save))
  }
  if (nested !== undefined) {
    const child = async (inner: FastifyInstance): Promise<void> => {
      await inner.register(expectation, nested)
      inner.put('/:name', run(save))
    }
    await app.register(child, { prefix: '/nested' })
  }
}

async function answer(action: Action, request: FastifyRequest, reply: FastifyReply) {
  const given = await action({ content: request.raw, response: reply.raw })
  if (given === undefined) return undefined
  reply.code(given.status ?? 200).headers({ ...given.fields })
  return reply.send(given.body ?? '')
}

function hook(action: Action) {
  return async (request: FastifyRequest, reply: FastifyReply) => answer(action, request, reply)
}

function run(action: Action) {
  return async (request: FastifyRequest, reply: FastifyReply) =>
    (await answer(action, request, reply)) ?? reply.hijack()
}
