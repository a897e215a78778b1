// hapi as its documentation shows it: refusals in onPreAuth, maxBytes for the size.
import Hapi from '@hapi/hapi'
import { contentOf, count, countOf, LIMIT, SLOW_MS, told, wait } from './support.mjs'

const server = Hapi.server({ port: Number(process.env.PORT ?? 0), host: '127.0.0.1', debug: false })
server.ext('onRequest', (request, h) => {
  count(request.headers['conformance-id'])
  return h.continue
})

const stream = { payload: { parse: false, output: 'stream', maxBytes: 10_000_000 } }
const reads = async (request) => told(await contentOf(request.payload ?? []))
const fails = (status, headers = {}, needed = () => true) => ({
  ...stream,
  ext: {
    onPreAuth: {
      async method(request, h) {
        if (!(await needed(request))) return h.continue
        const response = h.response('no').code(status).takeover()
        for (const [name, value] of Object.entries(headers)) response.header(name, value)
        return response
      },
    },
  },
})
const post = (path, handler, options = stream) => ({ method: 'POST', path, handler, options })

server.route([
  { method: 'GET', path: '/hello', handler: () => 'hello' },
  { method: 'GET', path: '/counts', handler: (request) => String(countOf(request.query.id)) },
  post('/reads', reads),
  post('/refuses', reads, fails(401, { 'WWW-Authenticate': 'Bearer' })),
  post('/limit', (request) => told(request.payload ?? Buffer.alloc(0)), {
    payload: { parse: false, output: 'data', maxBytes: LIMIT },
  }),
  post(
    '/slow',
    reads,
    fails(403, {}, () => wait(SLOW_MS).then(() => false)),
  ),
  post(
    '/slow-refuses',
    reads,
    fails(403, {}, () => wait(SLOW_MS).then(() => true)),
  ),
  post('/early', reads, fails(200)),
  post('/reads-then-refuses', async (request, h) => {
    await contentOf(request.payload ?? [])
    return h.response('no').code(422)
  }),
  post('/throws', () => {
    throw new Error('secret')
  }),
  { method: '*', path: '/methods', handler: reads, options: fails(405, { Allow: 'GET' }) },
  post('/typed', reads, fails(415, { Accept: 'video/*' })),
  post(
    '/coded',
    reads,
    fails(415, { 'Accept-Encoding': 'gzip' }, (request) => 'content-encoding' in request.headers),
  ),
  post(
    '/length-required',
    reads,
    fails(411, {}, (request) => !('content-length' in request.headers)),
  ),
  post('/busy', reads, fails(503, { 'Retry-After': '1' })),
])
await server.start()
console.log(server.info.port)
