// Koa's own conventions for errors, kept by errorHandler(): ctx.throw, err.expose, err.headers, and
// the application's `error` event.
import { errorHandler, expectation, Refusal } from '@expectation/koa'
import Koa, { type Context, type Middleware } from 'koa'
import request from 'supertest'
import { keepConsoleErrors } from '../../support/console.js'

const log = keepConsoleErrors()

function application(route: Middleware): { readonly app: Koa; readonly told: unknown[] } {
  const told: unknown[] = []
  const app = new Koa().use(errorHandler()).use(expectation()).use(route)
  app.on('error', (error) => told.push(error))
  return { app, told }
}

test('ctx.throw keeps status, message and properties that are meant to be seen', async () => {
  const { app, told } = application((context) =>
    context.throw(429, 'Slow down', { headers: { 'Retry-After': '9' } }),
  )
  const response = await request(app.callback()).put('/').send('content')
  expect(response.status).toBe(429)
  expect(response.body).toEqual({
    error: { code: 429, reason: 'too_many_requests', message: 'Slow down' },
  })
  expect(response.headers['retry-after']).toBe('9')
  expect(told).toEqual([expect.objectContaining({ status: 429, expose: true })])
})

const exposures = [
  { status: 500, expose: undefined, message: 'Internal Server Error' },
  { status: 503, expose: true, message: 'private words' },
  { status: 409, expose: undefined, message: 'Conflict' },
  { status: 409, expose: true, message: 'private words' },
  { status: 409, expose: false, message: 'Conflict' },
] as const
for (const { status, expose, message } of exposures) {
  test(`err.expose ${expose} on ${status}: the message is '${message}'`, async () => {
    const error = Object.assign(new Error('private words'), {
      status,
      ...(expose !== undefined && { expose }),
    })
    const { app } = application(() => Promise.reject(error))
    const response = await request(app.callback()).get('/')
    expect(response.body).toMatchObject({ error: { code: status, message } })
  })
}

const emitted: readonly (readonly [string, unknown])[] = [
  ['an unknown error', new Error('db password')],
  ['a Refusal of 503', new Refusal(503)],
  ['a Refusal of 413', new Refusal(413)],
  ['something that is no error', 'words'],
]
for (const [shown, thrown] of emitted) {
  test(`law 0: app.on('error') is told ${shown} once, as Koa tells it`, async () => {
    const { app, told } = application(() => Promise.reject(thrown))
    const response = await request(app.callback()).get('/')
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(told).toHaveLength(1)
  })
}

test('without a listener of its own Koa prints a 5xx once, and nothing of a 4xx', async () => {
  const app = new Koa().use(errorHandler()).use((context: Context) => {
    if (context.path === '/broken') throw new Error('db password')
    throw new Refusal(403)
  })
  const listener = app.callback()
  expect((await request(listener).get('/forbidden')).status).toBe(403)
  expect(log.entries).toEqual([])
  expect((await request(listener).get('/broken')).text).not.toContain('password')
  expect(log.entries).toHaveLength(1)
})

describe('not found', () => {
  const answers: readonly (readonly [string, Middleware, number])[] = [
    ['nothing at all', () => undefined, 404],
    ['status 204', (context) => void Object.assign(context, { status: 204 }), 204],
    ['body = null', (context) => void Object.assign(context, { body: null }), 204],
    [
      'an own 404 with a body',
      (context) => void Object.assign(context, { status: 404, body: 'mine' }),
      404,
    ],
    [
      'respond = false',
      (context) => {
        context.respond = false
        context.res.writeHead(202).end()
      },
      202,
    ],
  ]
  for (const [shown, route, status] of answers) {
    test(`${shown}: ${status}`, async () => {
      const response = await request(application(route).app.callback()).get('/')
      expect(response.status).toBe(status)
      expect(response.text.includes('not_found')).toBe(shown === 'nothing at all')
    })
  }

  test('ctx.throw(404) keeps its message', async () => {
    const { app } = application((context) => context.throw(404, 'No such file'))
    const response = await request(app.callback()).get('/')
    expect(response.body).toEqual({
      error: { code: 404, reason: 'not_found', message: 'No such file' },
    })
  })
})

test('fields of the answer that was being made do not survive the error', async () => {
  const { app } = application((context) => {
    context.set('ETag', '"a"')
    context.set('X-Request', '1')
    context.type = 'image/png'
    context.body = Buffer.alloc(10)
    throw new Refusal(409)
  })
  const response = await request(app.callback()).get('/')
  expect(response.status).toBe(409)
  expect(response.headers.etag).toBeUndefined()
  expect(response.headers['x-request']).toBe('1')
  expect(response.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(response.body).toMatchObject({ error: { reason: 'conflict' } })
})
