// A handler of node:http that plays every role by writing responses, with nothing of ours in it.
import { contentOf, count, countOf, LIMIT, SLOW_MS, told, wait } from './support.mjs'

function answer(res, status, body, headers = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  res.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': text.length,
    ...headers,
  })
  res.end(text)
}

const reads = async (req, res) => answer(res, 200, told(await contentOf(req)))

async function limited(req, res) {
  if (Number(req.headers['content-length'] ?? 0) > LIMIT) return answer(res, 413, 'too large')
  const parts = []
  let length = 0
  for await (const part of req.iterator({ destroyOnReturn: false })) {
    length += part.length
    if (length > LIMIT) return answer(res, 413, 'too large', { Connection: 'close' })
    parts.push(part)
  }
  answer(res, 200, told(Buffer.concat(parts)))
}

const routes = {
  '/hello': (_req, res) => answer(res, 200, 'hello'),
  '/reads': reads,
  '/refuses': (_req, res) => answer(res, 401, 'no', { 'WWW-Authenticate': 'Bearer' }),
  '/limit': limited,
  '/slow': async (req, res) => {
    await wait(SLOW_MS)
    await reads(req, res)
  },
  '/slow-refuses': async (_req, res) => {
    await wait(SLOW_MS)
    answer(res, 403, 'no')
  },
  '/early': (_req, res) => answer(res, 200, 'early'),
  '/reads-then-refuses': async (req, res) => {
    await contentOf(req)
    answer(res, 422, 'no')
  },
  '/partial': (req, res) => {
    req.once('data', () => answer(res, 413, 'too large'))
    req.once('end', () => res.headersSent || answer(res, 400, 'empty'))
  },
  '/throws': (_req, res) => answer(res, 500, 'Internal Server Error'),
  '/methods': (_req, res) => answer(res, 405, 'no', { Allow: 'GET' }),
  '/typed': (_req, res) => answer(res, 415, 'no', { Accept: 'video/*' }),
  '/coded': (req, res) =>
    (req.headers['content-encoding'] ?? 'gzip') === 'gzip'
      ? reads(req, res)
      : answer(res, 415, 'no', { 'Accept-Encoding': 'gzip' }),
  '/length-required': (req, res) =>
    req.headers['content-length'] === undefined ? answer(res, 411, 'no') : reads(req, res),
  '/busy': (_req, res) => answer(res, 503, 'busy', { 'Retry-After': '1' }),
}

export function handler(req, res) {
  const { pathname, searchParams } = new URL(req.url, 'http://localhost')
  if (pathname === '/counts') return answer(res, 200, countOf(searchParams.get('id')))
  count(req.headers['conformance-id'])
  const route = routes[pathname] ?? ((_req, response) => answer(response, 404, 'no'))
  Promise.resolve(route(req, res)).catch(() => res.destroy())
}
