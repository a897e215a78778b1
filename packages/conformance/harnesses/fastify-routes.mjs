// The routes of both Fastify harnesses: content is read by the route from the raw stream, except
// where Fastify's own parser and `bodyLimit` are what is asked about.
import { contentOf, count, countOf, refusal, SLOW_MS, told, wait } from './support.mjs'

const none = (_request, payload, done) => done(null, payload)

/** @param own - options of the routes that refuse by themselves, per path. */
export function fastifyRoutes(app, own) {
  app.addHook('onRequest', async (request) => count(request.headers['conformance-id']))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', none)
  const reads = async (request) => told(await contentOf(request.raw))
  const fails = (status, headers) => async (_request, reply) => {
    reply.headers(headers ?? {})
    throw refusal(status)
  }

  app.get('/hello', async () => 'hello')
  app.get('/counts', async (request) => countOf(request.query.id))
  app.post('/reads', reads)
  app.post('/refuses', { onRequest: fails(401, { 'WWW-Authenticate': 'Bearer' }) }, reads)
  app.post('/early', async () => 'early')
  app.post('/reads-then-refuses', async (request) => {
    await contentOf(request.raw)
    throw refusal(422)
  })
  app.post('/partial', (request, reply) => {
    request.raw.once('data', () => reply.code(413).send('no'))
    request.raw.once('end', () => reply.sent || reply.code(400).send('no'))
  })
  app.post('/throws', async () => {
    throw new Error('secret')
  })
  app.all('/methods', { onRequest: fails(405, { Allow: 'GET' }) }, reads)
  app.post('/busy', { onRequest: fails(503, { 'Retry-After': '1' }) }, reads)
  for (const [path, options] of Object.entries(own(fails))) app.post(path, options, reads)
}

export const slow =
  (then = () => undefined) =>
  async () => {
    await wait(SLOW_MS)
    then()
  }
