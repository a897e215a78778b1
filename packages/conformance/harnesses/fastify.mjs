// Fastify as its documentation shows it: refusals in onRequest hooks, bodyLimit for the size.
import Fastify from 'fastify'
import { fastifyRoutes, slow } from './fastify-routes.mjs'
import { LIMIT, refusal, told } from './support.mjs'

const app = Fastify()
fastifyRoutes(app, (fails) => ({
  '/slow': { onRequest: slow() },
  '/slow-refuses': {
    onRequest: slow(() => {
      throw refusal(403)
    }),
  },
  '/typed': { onRequest: fails(415, { Accept: 'video/*' }) },
  '/coded': {
    onRequest: async (request, reply) => {
      if (request.headers['content-encoding'] === undefined) return
      reply.header('Accept-Encoding', 'gzip')
      throw refusal(415)
    },
  },
  '/length-required': {
    onRequest: async (request) => {
      if (request.headers['content-length'] === undefined) throw refusal(411)
    },
  },
}))
app.register(async (scope) => {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  scope.post('/limit', { bodyLimit: LIMIT }, async (request) => told(request.body))
})
await app.listen({ port: Number(process.env.PORT ?? 0), host: '127.0.0.1' })
console.log(app.server.address().port)
