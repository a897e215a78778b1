// The very first request of a process is decided before any 100, however the gate was mounted.

import { startChild } from '../support/child.js'
import { RawClient } from '../support/raw-client.js'
import { refused, stillUsable } from '../support/refusal.js'
import { asking, head } from '../support/request.js'

const start = `
import http from 'node:http'
import https from 'node:https'
import express from 'express'
import { expectation, errorHandler } from '@expectation/express'
const app = express()
const hello = (_req, res) => void res.send('hello')
const save = (req, res) => { req.on('data', () => {}).on('end', () => res.send('stored')) }
const ready = function () { console.log(String(this.address().port)) }
const later = (_req, _res, next) => void setTimeout(next, 20)
`
const listen = `app.listen(0, '127.0.0.1', function () { ready.call(this) })`

const mounts: Readonly<Record<string, string>> = {
  'app.use and app.listen': `
    app.use(expectation({ maxContentLength: 10 }))
    app.put('/files/:name', save)
    app.get('/hello', hello)
    ${listen}`,
  'app.use and http.createServer(app)': `
    app.use(expectation({ maxContentLength: 10 }))
    app.put('/files/:name', save)
    app.get('/hello', hello)
    http.createServer(app).listen(0, '127.0.0.1', ready)`,
  "server.on('request', app), and the gate mounted after listen": `
    http.createServer().on('request', app).listen(0, '127.0.0.1', function () {
      app.use(expectation({ maxContentLength: 10 }))
      app.put('/files/:name', save)
      app.get('/hello', hello)
      ready.call(this)
    })`,
  'a gate on a router': `
    const router = express.Router()
    router.use(expectation({ maxContentLength: 10 }))
    router.put('/:name', save)
    app.use('/files', router)
    app.get('/hello', hello)
    ${listen}`,
  'a gate under a path': `
    app.use('/files', expectation({ maxContentLength: 10 }))
    app.put('/files/:name', save)
    app.get('/hello', hello)
    ${listen}`,
  'a gate on one route, after asynchronous middleware': `
    app.use(later)
    app.put('/files/:name', later, expectation({ maxContentLength: 10 }), save)
    app.get('/hello', hello)
    ${listen}`,
  'a mounted sub-application': `
    const sub = express()
    sub.use(expectation({ maxContentLength: 10 }))
    sub.put('/:name', save)
    app.use('/files', sub)
    app.get('/hello', hello)
    ${listen}`,
}

const firsts = {
  'too large': { request: asking({ length: 100 }), status: 413, reason: 'content_too_large' },
  unsupported: {
    request: head({ expect: 'something-else', length: 5 }),
    status: 417,
    reason: 'unsupported_expectation',
  },
  malformed: {
    request: head({ expect: 'y 100-continue', length: 5 }),
    status: 417,
    reason: 'malformed_expectation',
  },
} as const

// Without an errorHandler a gate still answers in the normalized shape.
for (const [mount, script] of Object.entries(mounts)) {
  for (const [shown, { request, status, reason }] of Object.entries(firsts)) {
    test(`R16 MUST (RFC 9110 10.1.1): ${mount}: the first request, ${shown}, is ${status}`, async () => {
      const client = await RawClient.connect(await startChild(start + script))
      client.send(request)
      await refused(client, status, reason)
    })
  }

  test(`law 2: ${mount}: the first request, accepted, gets one 100 and the next none`, async () => {
    const client = await RawClient.connect(await startChild(start + script))
    client.send(asking())
    await client.continue()
    client.send('12345')
    expect((await client.final()).text).toBe('stored')
    expect((await stillUsable(client, '/hello')).text).toBe('hello')
  })
}

test('the middleware before a route gate does not read either: its 401 costs nothing', async () => {
  const script = `
    app.use(later)
    app.put('/files/:name', (_req, res) => void res.status(401).send('no'),
      expectation({ maxContentLength: 10 }), save)
    ${listen}`
  const client = await RawClient.connect(await startChild(start + script))
  client.send(asking())
  const response = await client.final()
  expect(response.status).toBe(401)
  expect(response.field('connection')).toBe('close')
  expect(await client.fin()).toBe('')
})
