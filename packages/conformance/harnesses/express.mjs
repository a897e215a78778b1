// Express as its documentation shows it: middleware, routes, the default error handler.
import http from 'node:http'
import express from 'express'
import {
  contentOf,
  count,
  countOf,
  LIMIT,
  listen,
  refusal,
  SLOW_MS,
  told,
  wait,
} from './support.mjs'

const app = express()
app.use((req, _res, next) => {
  count(req.headers['conformance-id'])
  next()
})
const raw = express.raw({ type: () => true, limit: LIMIT })
const reads = async (req, res) => res.json(told(await contentOf(req)))

app.get('/hello', (_req, res) => res.send('hello'))
app.get('/counts', (req, res) => res.json(countOf(req.query.id)))
app.post('/reads', reads)
app.post('/refuses', (_req, res) => res.status(401).set('WWW-Authenticate', 'Bearer').send('no'))
app.post('/limit', raw, (req, res) => res.json(told(req.body ?? Buffer.alloc(0))))
app.post('/slow', async (req, res) => {
  await wait(SLOW_MS)
  await reads(req, res)
})
app.post('/slow-refuses', async (_req, res) => {
  await wait(SLOW_MS)
  res.status(403).send('no')
})
app.post('/early', (_req, res) => res.send('early'))
app.post('/reads-then-refuses', async (req, res) => {
  await contentOf(req)
  res.status(422).send('no')
})
app.post('/partial', (req, res) => {
  req.once('data', () => res.status(413).send('no'))
  req.once('end', () => res.headersSent || res.status(400).send('no'))
})
app.post('/throws', () => {
  throw new Error('secret')
})
app.all('/methods', (_req, res) => res.status(405).set('Allow', 'GET').send('no'))
app.post('/typed', (_req, res) => res.status(415).set('Accept', 'video/*').send('no'))
app.post('/coded', express.raw({ type: () => true }), (req, res) => res.json(told(req.body)))
app.post('/length-required', (req, res) => {
  if (req.headers['content-length'] === undefined) throw refusal(411)
  return reads(req, res)
})
app.post('/busy', (_req, res) => res.status(503).set('Retry-After', '1').send('busy'))

// As in production: the default error handler then hides stacks.
app.set('env', 'production')
listen(http.createServer(app))
