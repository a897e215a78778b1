// Not-found normalization: what no route took is 404 in the same shape, unless switched off.

import { errorHandler } from '@expectation/express'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import request from 'supertest'
import { keepConsoleErrors } from '../support/console.js'
import { traced } from '../support/traced-layers.js'

const log = keepConsoleErrors()

test('docs/options.md: an unknown address is 404 not_found, and is not logged as a fault', async () => {
  const app = express().use(errorHandler())
  const response = await request(app).get('/secret-address?token=abc')
  expect(response.status).toBe(404)
  expect(response.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(response.headers['cache-control']).toBe('no-store')
  expect(response.body).toEqual({
    error: { code: 404, reason: 'not_found', message: 'Not Found' },
  })
  expect(response.text).not.toContain('secret-address')
  expect(log.entries).toEqual([])
})

for (const method of ['get', 'post', 'put', 'delete', 'patch'] as const) {
  test(`docs/options.md: with ${method.toUpperCase()} likewise`, async () => {
    const response = await request(express().use(errorHandler()))[method]('/nowhere')
    expect(response.status).toBe(404)
    expect(response.body).toMatchObject({ error: { reason: 'not_found' } })
  })
}

test('docs/options.md: a browser gets a page', async () => {
  const app = express().use(errorHandler())
  const response = await request(app).get('/nowhere').set('Accept', 'text/html')
  expect(response.status).toBe(404)
  expect(response.headers['content-type']).toMatch(/^text\/html/)
  expect(response.text).toMatch(/<h1[\s>]/)
})

test('docs/options.md: notFound: false leaves it to Express', async () => {
  const app = express().use(errorHandler({ notFound: false }))
  const response = await request(app).get('/nowhere')
  expect(response.status).toBe(404)
  expect(response.text).toContain('Cannot GET /nowhere')
})

test('docs/options.md: notFound: false still takes what is thrown', async () => {
  const app = express()
  app.get('/', () => {
    throw new Error('private')
  })
  app.use(errorHandler({ notFound: false }))
  const response = await request(app).get('/')
  expect(response.body).toEqual({
    error: { code: 500, reason: 'internal_error', message: 'Internal Server Error' },
  })
})

test('Express decides what a route is: an answered one is never 404', async () => {
  const app = express()
  app.get('/', (_req, res) => void res.sendStatus(204))
  app.use(errorHandler())
  expect((await request(app).get('/')).status).toBe(204)
})

test('a malformed address (Express throws 400) keeps the shape and does not echo it', async () => {
  const app = express()
  app.get('/files/:name', (_req, res) => void res.send('never'))
  app.use(errorHandler())
  const response = await request(app).get('/files/%E0%A4%A')
  expect(response.status).toBe(400)
  expect(response.body).toMatchObject({ error: { code: 400, reason: 'bad_request' } })
})

test('law 0: a route behind errorHandler() is found, also when it has an error handler of its own', async () => {
  const caught: ErrorRequestHandler = (_error, _req, res, _next) => void res.send('caught')
  const save: RequestHandler = (_req, res) => void res.send('saved')
  const app = express().use(errorHandler()).put('/upload', save, caught)
  expect((await request(app).put('/upload')).text).toBe('saved')
  expect((await request(traced(app)).put('/upload')).text).toBe('saved')
})

test('law 0: where nothing was found tracing sees no error, as without errorHandler()', async () => {
  const told: unknown[] = []
  const app = traced(express().use(errorHandler()), (error) => told.push(error))
  const response = await request(app).put('/nowhere')
  expect(response.body).toMatchObject({ error: { reason: 'not_found' } })
  expect(told).toEqual([])
})
