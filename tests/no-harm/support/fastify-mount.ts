// Fastify: a hook in front, the plugin, one route that takes everything and parses nothing.
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { certificate } from '../../support/certificate.js'
import type { Scene, Transport, Visit } from './scene.js'
import type { AnyServer } from './servers.js'
import { pathOf, run, type Tell } from './visit.js'

export async function mountFastify(
  scene: Scene,
  transport: Transport,
  tell: Tell,
  library: boolean,
): Promise<AnyServer> {
  const app = instance(transport)
  scene.created?.(app.server)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, content, done) => done(null, content))
  const { before } = scene
  if (before !== undefined) {
    app.addHook('onRequest', (request, reply, done) => {
      before(visitOf(request, reply, tell), done)
    })
  }
  if (library) await mountPlugin(app, scene)
  const config = library && scene.second !== undefined ? { expectation: scene.second } : {}
  app.all('/*', { config }, (request, reply) => run(scene.handle, visitOf(request, reply, tell)))
  await app.ready()
  return app.server
}

/** `errorHandler` is a plugin of its own. */
async function mountPlugin(app: FastifyInstance, scene: Scene): Promise<void> {
  const { errorHandler, expectation } = await import('@expectation/fastify')
  await app.register(expectation, { ...scene.options })
  if (scene.errors === true) await app.register(errorHandler)
}

function instance(transport: Transport): FastifyInstance {
  const made = {
    tls: () => fastify({ https: certificate }),
    h2: () => fastify({ http2: true, https: certificate }),
    h2c: () => fastify({ http2: true }),
    http: () => fastify(),
    duplex: () => fastify(),
    outer: () => fastify(),
  }[transport]()
  // The instances differ in the type of their server only.
  return made as unknown as FastifyInstance
}

function visitOf(request: FastifyRequest, reply: FastifyReply, note: Tell): Visit {
  return {
    request: request.raw,
    response: reply.raw,
    note,
    path: pathOf(request.raw),
    take() {
      reply.hijack()
      return reply.raw
    },
    reply: (status, body = '', fields = {}) =>
      void reply
        .code(status)
        .headers({ ...fields })
        .send(body),
    fail: (error) => void reply.send(error),
  }
}
