// Hono on @hono/node-server, as its documentation shows it, with its body-limit middleware.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { count, countOf, LIMIT, SLOW_MS, told, wait } from './support.mjs'

const app = new Hono()
app.use(async (c, next) => {
  count(c.req.header('conformance-id'))
  await next()
})
const reads = async (c) => c.json(told(Buffer.from(await c.req.arrayBuffer())))
const no = (status, headers) => (c) => c.text('no', status, headers)

app.get('/hello', (c) => c.text('hello'))
app.get('/counts', (c) => c.text(String(countOf(c.req.query('id')))))
app.post('/reads', reads)
app.post('/refuses', no(401, { 'WWW-Authenticate': 'Bearer' }))
app.post('/limit', bodyLimit({ maxSize: LIMIT }), reads)
app.post('/slow', async (c) => {
  await wait(SLOW_MS)
  return reads(c)
})
app.post('/slow-refuses', async (c) => {
  await wait(SLOW_MS)
  return c.text('no', 403)
})
app.post('/early', (c) => c.text('early'))
app.post('/reads-then-refuses', async (c) => {
  await c.req.arrayBuffer()
  return c.text('no', 422)
})
app.post('/throws', () => {
  throw new Error('secret')
})
app.onError((error, c) =>
  error instanceof HTTPException ? error.getResponse() : c.text('Internal Server Error', 500),
)
app.all('/methods', no(405, { Allow: 'GET' }))
app.post('/typed', no(415, { Accept: 'video/*' }))
app.post('/coded', (c) =>
  c.req.header('content-encoding') === undefined
    ? reads(c)
    : c.text('no', 415, { 'Accept-Encoding': 'gzip' }),
)
app.post('/length-required', (c) =>
  c.req.header('content-length') === undefined ? c.text('no', 411) : reads(c),
)
app.post('/busy', no(503, { 'Retry-After': '1' }))

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 0), hostname: '127.0.0.1' }, (info) =>
  console.log(info.port),
)
