// Express with the gate of @expectation/express: refusals are declared, not written.
import http from 'node:http'
import { errorHandler, expectation, Refusal } from '@expectation/express'
import express from 'express'
import { contentOf, count, countOf, LIMIT, listen, SLOW_MS, told, wait } from './support.mjs'

const app = express()
app.use((req, _res, next) => {
  count(req.headers['conformance-id'])
  next()
})
app.use(expectation())

const reads = async (req, res) => res.json(told(await contentOf(req)))
const refusing = (status, options) => () => {
  throw new Refusal(status, options)
}

app.get('/hello', (_req, res) => res.send('hello'))
app.get('/counts', (req, res) => res.json(countOf(req.query.id)))
app.post('/reads', reads)
app.post('/refuses', refusing(401))
app.post('/limit', expectation({ maxContentLength: LIMIT }), reads)
app.post('/slow', expectation({ checks: [() => wait(SLOW_MS)] }), reads)
app.post('/slow-refuses', expectation({ checks: [() => wait(SLOW_MS).then(refusing(403))] }), reads)
app.post('/early', (_req, res) => res.send('early'))
app.post('/reads-then-refuses', async (req) => {
  await contentOf(req)
  throw new Refusal(422)
})
app.post('/partial', async (req) => {
  for await (const _part of req) throw new Refusal(413)
  throw new Refusal(400)
})
app.post('/throws', () => {
  throw new Error('secret')
})
app.all('/methods', refusing(405, { headers: { Allow: 'GET' } }))
app.post('/typed', expectation({ acceptedTypes: ['video/*'] }), reads)
app.post('/coded', expectation({ acceptedCodings: ['gzip'] }), reads)
app.post('/length-required', expectation({ requireContentLength: true }), reads)
app.post('/busy', refusing(503))
app.use(errorHandler({ log: () => undefined }))

listen(http.createServer(app))
