// errorHandler: whatever a route throws becomes one JSON shape, and nothing private leaves (law 9).
import { errorHandler, Refusal } from '@expectation/express'
import express, { type Express, type Response } from 'express'
import request from 'supertest'
import { keepConsoleErrors } from '../support/console.js'
import { httpError } from '../support/http-error.js'

const log = keepConsoleErrors()

function throwing(thrown: unknown): Express {
  const app = express()
  app.get('/', () => {
    throw thrown
  })
  app.use(errorHandler())
  return app
}

interface Row {
  readonly shown: string
  readonly thrown: () => unknown
  readonly status: number
  readonly reason: string
  readonly message: string
}

const secret = 'select * from users'
const withFields = (fields: object): Error => Object.assign(new Error(secret), fields)

const rows: readonly Row[] = [
  {
    shown: 'a Refusal with its own reason and message',
    thrown: () => new Refusal(429, { reason: 'quota_exhausted', message: 'Quota exhausted' }),
    status: 429,
    reason: 'quota_exhausted',
    message: 'Quota exhausted',
  },
  {
    shown: 'a Refusal of a status alone',
    thrown: () => new Refusal(413),
    status: 413,
    reason: 'content_too_large',
    message: 'Content Too Large',
  },
  {
    shown: 'a Refusal of 5xx, which is made to be shown',
    thrown: () => new Refusal(503, { message: 'Back at noon' }),
    status: 503,
    reason: 'service_unavailable',
    message: 'Back at noon',
  },
  {
    shown: 'http-errors, 4xx',
    thrown: () => httpError(403, 'Not in your plan'),
    status: 403,
    reason: 'forbidden',
    message: 'Not in your plan',
  },
  {
    shown: 'http-errors, 4xx not to be exposed',
    thrown: () => httpError(403, secret, { expose: false }),
    status: 403,
    reason: 'forbidden',
    message: 'Forbidden',
  },
  {
    shown: 'http-errors, 5xx',
    thrown: () => httpError(502, secret),
    status: 502,
    reason: 'bad_gateway',
    message: 'Bad Gateway',
  },
  {
    shown: 'http-errors, 5xx to be exposed',
    thrown: () => httpError(502, 'The store is closed', { expose: true }),
    status: 502,
    reason: 'bad_gateway',
    message: 'The store is closed',
  },
  {
    shown: 'an error with statusCode only, which nobody made to be shown',
    thrown: () => Object.assign(new Error(secret), { statusCode: 409 }),
    status: 409,
    reason: 'conflict',
    message: 'Conflict',
  },
  {
    shown: 'Boom',
    thrown: () =>
      Object.assign(new Error('Only on weekdays'), {
        isBoom: true,
        output: { statusCode: 422, headers: {}, payload: {} },
      }),
    status: 422,
    reason: 'unprocessable_content',
    message: 'Only on weekdays',
  },
  {
    shown: 'Boom of 5xx',
    thrown: () =>
      withFields({ isBoom: true, output: { statusCode: 500, headers: {}, payload: {} } }),
    status: 500,
    reason: 'internal_error',
    message: 'Internal Server Error',
  },
  {
    shown: 'a plain Error',
    thrown: () => new Error(secret),
    status: 500,
    reason: 'internal_error',
    message: 'Internal Server Error',
  },
  ...[200, 302, 600, 99, Number.NaN, '413', null].map((status) => ({
    shown: `an error whose status is ${JSON.stringify(status)}`,
    thrown: () => withFields({ status }),
    status: 500,
    reason: 'internal_error',
    message: 'Internal Server Error',
  })),
  ...[secret, 42, { secret }, [secret], Symbol(secret), () => secret].map((thrown) => ({
    shown: `no error at all, but a ${Array.isArray(thrown) ? 'list' : typeof thrown}`,
    thrown: () => thrown,
    status: 500,
    reason: 'internal_error',
    message: 'Internal Server Error',
  })),
  {
    shown: 'an error whose fields throw when they are read',
    thrown: () =>
      new Proxy(
        {},
        {
          get() {
            throw new Error(secret)
          },
        },
      ),
    status: 500,
    reason: 'internal_error',
    message: 'Internal Server Error',
  },
]

for (const { shown, thrown, status, reason, message } of rows) {
  test(`docs/options.md: ${shown}: ${status} ${reason}`, async () => {
    const response = await request(throwing(thrown())).get('/')
    expect(response.status).toBe(status)
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.headers['content-length']).toBe(String(Buffer.byteLength(response.text)))
    expect(response.body).toEqual({ error: { code: status, reason, message } })
    expect(response.text).not.toContain(secret)
    expect(response.text).not.toMatch(/\.ts|\.js|node_modules|at .*:\d+/)
  })
}

// Express takes a thrown undefined (or null) for "go on": what comes then is not found.
test('docs/options.md: undefined, handed on as a rejection, is answered in the same shape', async () => {
  const app = express()
  app.get('/', () => Promise.reject(undefined))
  app.use(errorHandler())
  const response = await request(app).get('/')
  expect([404, 500]).toContain(response.status)
  expect(response.body).toEqual({
    error: { code: response.status, reason: expect.any(String), message: expect.any(String) },
  })
})

test('docs/options.md: an asynchronous throw is the same', async () => {
  const app = express()
  app.get('/', async () => {
    await Promise.resolve()
    throw new Refusal(409, { reason: 'taken', details: { by: 'somebody' } })
  })
  app.use(errorHandler())
  const response = await request(app).get('/')
  expect(response.status).toBe(409)
  expect(response.body).toEqual({
    error: { code: 409, reason: 'taken', message: 'Conflict', details: { by: 'somebody' } },
  })
})

test('docs/options.md: next(error) is the same', async () => {
  const app = express()
  app.get('/', (_req, _res, next) => next(new Refusal(410, { details: 'Moved for good' })))
  app.use(errorHandler())
  const response = await request(app).get('/')
  expect(response.body).toEqual({
    error: { code: 410, reason: 'gone', message: 'Gone', details: 'Moved for good' },
  })
})

test('law 9: the cause of a Refusal stays inside and is logged with it', async () => {
  const response = await request(throwing(new Refusal(503, { cause: new Error(secret) }))).get('/')
  expect(response.text).not.toContain(secret)
  expect(log.entries.flat()).toEqual([expect.objectContaining({ cause: expect.any(Error) })])
})

test('law 9: a 500 is logged once, whole, and never sent', async () => {
  const thrown = new Error(secret)
  await request(throwing(thrown)).get('/')
  expect(log.entries).toEqual([[thrown]])
})

test('docs/options.md: the log hook gets the error and replaces the default', async () => {
  const logged: unknown[] = []
  const app = express()
  const thrown = new Error(secret)
  app.get('/', () => {
    throw thrown
  })
  app.use(errorHandler({ log: (error, context) => logged.push([error, context.status]) }))
  await request(app).get('/')
  expect(logged).toEqual([[thrown, 500]])
  expect(log.entries).toEqual([])
})

describe('an answer that has begun', () => {
  async function broken(answer: (res: Response) => void): Promise<request.Response> {
    const app = express()
    app.get('/', (_req, res) => {
      answer(res)
      throw new Error(secret)
    })
    app.use(errorHandler())
    return request(app).get('/')
  }

  test('docs/options.md: headersSent closes instead of writing twice', async () => {
    await expect(
      broken((res) => {
        res.writeHead(200, { 'Content-Length': 100 })
        res.write('half an answer')
      }),
    ).rejects.toThrow(/aborted|hang up|ECONNRESET/)
  })

  test('docs/options.md: one that is complete is left as it is', async () => {
    const response = await broken((res) => void res.status(201).send('whole'))
    expect([response.status, response.text]).toEqual([201, 'whole'])
  })
})
