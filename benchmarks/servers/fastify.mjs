import { expectation } from '@expectation/fastify'
import Fastify from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import {
  countContent,
  GREETING,
  LIMIT_BYTES,
  POLICY,
  REFUSAL_BODY,
  tooLarge,
} from './application.mjs'
import { stay } from './staying.mjs'

async function application(first, options = {}) {
  const app = Fastify({ bodyLimit: LIMIT_BYTES, ...options })
  await first(app)
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => {
    countContent(payload, (bytes) => done(null, bytes))
  })
  app.get('/', (_request, reply) => reply.send(GREETING))
  app.post('/json', (request, reply) => reply.send({ length: request.body.note.length }))
  app.post('/upload', (request, reply) => reply.send({ bytes: request.body }))
  await app.ready()
  return app.server
}

const REFUSE_LARGE = { fastify: '5.x', name: 'refuse-large' }

/** A plugin too, that names its Fastify: that alone makes a request 1.5 µs dearer in some processes. */
export function bare(options) {
  return application((app) => app.register(fastifyPlugin(refuseLarge, REFUSE_LARGE)), options)
}

async function refuseLarge(app) {
  app.addHook('onRequest', (request, reply, done) => {
    if (!tooLarge(request)) return done()
    if (request.raw.httpVersionMajor === 1) reply.header('connection', 'close')
    reply.code(413).header('cache-control', 'no-store')
    reply.send(REFUSAL_BODY)
  })
}

/** The same, with refusals that arrive. */
export function staying() {
  return application((app) => {
    app.addHook('onRequest', (request, _reply, done) => {
      if (tooLarge(request)) stay(request.raw.socket)
      done()
    })
    return app.register(fastifyPlugin(refuseLarge, REFUSE_LARGE))
  })
}

export function gated(options) {
  return application((app) => app.register(expectation, POLICY), options)
}

export function bareStreams() {
  return bare({ http2: true })
}

export function gatedStreams() {
  return gated({ http2: true })
}
