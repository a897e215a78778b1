// Fields beside an error: what a status requires (R23), and what a thrower may not bring along.

import { errorHandler, Refusal } from '@expectation/express'
import express, { type Express } from 'express'
import request from 'supertest'
import { keepConsoleErrors } from '../support/console.js'
import { httpError } from '../support/http-error.js'

keepConsoleErrors()

function throwing(thrown: unknown): Express {
  const app = express()
  app.get('/', () => {
    throw thrown
  })
  app.use(errorHandler())
  return app
}

describe('companions that the thrower forgot', () => {
  test('R23 MUST (RFC 9110 15.5.2): 401 has WWW-Authenticate', async () => {
    const response = await request(throwing(new Refusal(401))).get('/')
    expect(response.headers['www-authenticate']).toBe('Bearer')
  })

  test('R23 MUST (RFC 9110 15.5.6): 405 has Allow', async () => {
    const response = await request(throwing(httpError(405))).get('/')
    expect(response.headers.allow).toBe('')
  })

  for (const status of [429, 503]) {
    test(`R22 SHOULD (RFC 9110 10.2.3): ${status} has Retry-After in seconds`, async () => {
      const response = await request(throwing(httpError(status))).get('/')
      expect(response.headers['retry-after']).toMatch(/^\d+$/)
    })
  }
})

describe('companions of the thrower win', () => {
  const given = [
    [401, 'WWW-Authenticate', 'Basic realm="x"'],
    [405, 'allow', 'GET, PUT'],
    [429, 'RETRY-AFTER', '120'],
  ] as const
  for (const [status, name, value] of given) {
    for (const kind of ['Refusal', 'http-errors'] as const) {
      test(`R23 MUST (RFC 9110 15.5): ${status} of ${kind} with ${name}: one, and that one`, async () => {
        const headers = { [name]: value }
        const thrown =
          kind === 'Refusal'
            ? new Refusal(status, { headers })
            : httpError(status, undefined, { headers })
        const response = await request(throwing(thrown)).get('/')
        expect(response.headers[name.toLowerCase()]).toBe(value)
      })
    }
  }
})

describe('fields that a thrower may not set', () => {
  test('law 9: framing, connection and invalid fields of http-errors are dropped', async () => {
    const headers = {
      'Content-Type': 'text/html',
      'Content-Length': '3',
      'Content-Encoding': 'gzip',
      'Transfer-Encoding': 'chunked',
      Connection: 'upgrade',
      'Cache-Control': 'public, max-age=3600',
      'bad name': 'x',
      'X-Split': 'a\r\nSet-Cookie: b=c',
      'X-Fine': 'yes',
    }
    const response = await request(throwing(httpError(400, 'No', { headers }))).get('/')
    expect(response.body).toEqual({ error: { code: 400, reason: 'bad_request', message: 'No' } })
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(response.headers['content-encoding']).toBeUndefined()
    expect(response.headers['transfer-encoding']).toBeUndefined()
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(response.headers['x-split']).toBeUndefined()
    expect(response.headers['x-fine']).toBe('yes')
  })

  test('law 9: what the route had prepared for its success is not sent with the error', async () => {
    const app = express()
    app.get('/', (_req, res) => {
      res.setHeader('Content-Type', 'video/mp4')
      res.setHeader('Content-Length', '5000')
      res.setHeader('Content-Encoding', 'gzip')
      res.setHeader('ETag', '"v1"')
      throw new Error('no')
    })
    app.use(errorHandler())
    const response = await request(app).get('/')
    expect(response.status).toBe(500)
    expect(response.headers['content-encoding']).toBeUndefined()
    expect(response.headers['content-length']).toBe(String(Buffer.byteLength(response.text)))
    expect(response.body).toMatchObject({ error: { code: 500 } })
  })

  test('law 7: fields of middleware before it, as of CORS, stay', async () => {
    const app = express()
    app.use((_req, res, next) => {
      res.setHeader('Access-Control-Allow-Origin', 'https://app.example')
      res.setHeader('Vary', 'Origin')
      next()
    })
    app.get('/', () => {
      throw new Refusal(403)
    })
    app.use(errorHandler())
    const response = await request(app).get('/')
    expect(response.headers['access-control-allow-origin']).toBe('https://app.example')
    expect(response.headers.vary).toMatch(/Origin/)
  })
})

test('a HEAD request gets the fields and no body (RFC 9110 9.3.2)', async () => {
  const response = await request(throwing(new Refusal(403))).head('/')
  expect(response.status).toBe(403)
  expect(Number(response.headers['content-length'])).toBeGreaterThan(0)
  expect(response.text ?? '').toBe('')
})
