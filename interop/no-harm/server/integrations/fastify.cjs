// A Fastify application; gated means that it registers the plugin before its routes. No content is
// parsed, so that rooms get the raw stream.
const { roomOf } = require('../rooms.cjs')
const witness = require('../witness.cjs')

exports.serverFor = async ({ mode, options, serverOptions, http }) => {
  const fastify = require('fastify')
  let server
  const app = fastify({
    keepAliveTimeout: serverOptions.keepAliveTimeout,
    requestTimeout: serverOptions.requestTimeout,
    forceCloseConnections: false,
    serverFactory(handler) {
      server = http.createServer(serverOptions, handler)
      return server
    },
  })
  if (mode === 'attached') require('@expectation/core/node').attach(server)
  if (mode === 'gated') {
    const ours = require('@expectation/fastify')
    // Where the shape of errors is part of the plugin, it is left to Fastify here.
    const shape = ours.errorHandler ? {} : { errorHandler: false, notFound: false }
    await app.register(ours.expectation, { ...options, ...shape })
  }
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.addHook('onError', async (request, _reply, error) => {
    witness.failed(request.raw, error)
  })
  app.all('/*', (request, reply) => {
    const io = {
      ...witness.enter(request.raw),
      req: request.raw,
      res: reply.raw,
      takeOver() {
        io.early()
        reply.hijack()
      },
    }
    io.answer = (status, text) => {
      io.early()
      if (!reply.sent && !reply.raw.headersSent) reply.code(status).type('text/plain').send(text)
    }
    return witness.current.run(io.note, () => {
      const room = roomOf(request.url)
      if (room === undefined) {
        io.early()
        return reply.callNotFound()
      }
      const result = room(io)
      // What a promise of Fastify's handler resolves with is an answer; a room answers by itself.
      if (result instanceof Promise) {
        result.catch((error) => reply.send(error))
        return undefined
      }
      return undefined
    })
  })
  await app.ready()
  return server
}
