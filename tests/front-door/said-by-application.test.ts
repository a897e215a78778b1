// What the application has said on a response, or in an error, is not said over: challenges, times to
// wait, lengths. And what an error says that nobody made to be shown is not told.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { errorHandler, expectation, Refusal } from '@expectation/express'
import { errorHandler as fastifyErrors, expectation as fastifyGate } from '@expectation/fastify'
import { errorHandler as koaErrors, expectation as koaGate } from '@expectation/koa'
import { Router } from '@koa/router'
import express from 'express'
import express4 from 'express4'
import fastify from 'fastify'
import Koa from 'koa'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'
import { httpError } from '../support/http-error.js'
import type { WireResponse } from '../support/parse-response.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'

keepConsoleErrors()

interface Said {
  readonly fields: Readonly<Record<string, string | readonly string[]>>
  readonly error: () => unknown
}

type Ask = (said: Said) => Promise<WireResponse>

const listOf = (value: string | readonly string[]): string | string[] =>
  typeof value === 'string' ? value : [...value]

const linesOf = ({ fields }: WireResponse, name: string): readonly string[] =>
  fields.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value)

async function get(to: { readonly port: number }, target = '/'): Promise<WireResponse> {
  const client = await RawClient.connect(to)
  return client.send(head({ method: 'GET', target })).final()
}

const FRAMEWORKS: Readonly<Record<string, Ask>> = {
  async Express({ fields, error }) {
    const app = express().use(expectation())
    app.get('/', (_request, response, next) => {
      for (const [name, value] of Object.entries(fields)) response.set(name, listOf(value))
      next(error())
    })
    return get(await serve(app.use(errorHandler())))
  },
  async Koa({ fields, error }) {
    const app = new Koa().use(koaErrors()).use(koaGate())
    app.silent = true
    app.use((context) => {
      for (const [name, value] of Object.entries(fields)) context.set(name, listOf(value))
      throw error()
    })
    return get(await serve(app))
  },
  async Fastify({ fields, error }) {
    const app = fastify()
    afterThisTest(() => app.close())
    await app.register(fastifyGate)
    await app.register(fastifyErrors)
    app.get('/', async (_request, reply) => {
      for (const [name, value] of Object.entries(fields)) reply.header(name, value)
      throw error()
    })
    await app.ready()
    return get(await serve(app.server))
  },
}

for (const [framework, ask] of Object.entries(FRAMEWORKS)) {
  describe(framework, () => {
    const challenge = 'Basic realm="admin"'
    test('RFC 9110 10.2.3: Retry-After of the response stays', async () => {
      const fields = { 'Retry-After': '60' }
      const answer = await ask({ fields, error: () => httpError(429, 'Slow down') })
      expect(answer.status).toBe(429)
      expect(linesOf(answer, 'retry-after')).toEqual(['60'])
    })

    test('RFC 9110 11.6.1: WWW-Authenticate of the response stays, also of several lines', async () => {
      for (const value of [challenge, [challenge, 'Digest realm="a"']]) {
        const fields = { 'WWW-Authenticate': value }
        const answer = await ask({ fields, error: () => new Refusal(401) })
        expect(linesOf(answer, 'www-authenticate')).toEqual([value].flat())
      }
    })

    test('what the error says wins, and without either the required field is there', async () => {
      const headers = { 'Retry-After': '120' }
      const fields = { 'Retry-After': '60' }
      const said = await ask({ fields, error: () => httpError(503, 'x', { headers }) })
      expect(linesOf(said, 'retry-after')).toEqual(['120'])
      const unsaid = await ask({ fields: {}, error: () => new Refusal(401) })
      expect(linesOf(unsaid, 'www-authenticate')).toEqual(['Bearer'])
    })

    test('RFC 9110 11.6.1, RFC 6265 3: lists in the headers of an error are as many lines', async () => {
      const headers = { 'WWW-Authenticate': [challenge, 'Bearer'], 'Set-Cookie': ['a=1', 'b=2'] }
      const answer = await ask({ fields: {}, error: () => httpError(401, 'No', { headers }) })
      expect(linesOf(answer, 'www-authenticate')).toEqual([challenge, 'Bearer'])
      expect(linesOf(answer, 'set-cookie')).toEqual(['a=1', 'b=2'])
    })

    test('law 9: an SDK error of 401 shows neither its message nor its headers', async () => {
      const error = (): unknown =>
        Object.assign(new Error('Incorrect API key provided: sk-abcd'), {
          status: 401,
          headers: { 'x-host': 'internal.example', 'set-cookie': 'a=b' },
        })
      const answer = await ask({ fields: {}, error })
      expect(answer.json()).toEqual({
        error: { code: 401, reason: 'unauthorized', message: 'Unauthorized' },
      })
      expect(answer.field('x-host')).toBeUndefined()
      expect(answer.field('set-cookie')).toBeUndefined()
    })

    test('RFC 9530 2, RFC 9213 2.2: what was said of the content, and to other caches, goes', async () => {
      const ofContent = {
        'Content-Digest': 'sha-256=:AAAA:',
        'Repr-Digest': 'sha-256=:AAAA:',
        'Content-MD5': 'AAAA',
        Age: '5',
        'CDN-Cache-Control': 'max-age=3600',
        'Example-Cache-Control': 'max-age=3600',
        'Surrogate-Control': 'max-age=3600',
        'X-Accel-Redirect': '/private/film.mp4',
      }
      const fields = { ...ofContent, 'X-Request-Id': 'r1' }
      const answer = await ask({ fields, error: () => httpError(503, 'x') })
      expect([answer.field('cache-control'), answer.field('x-request-id')]).toEqual([
        'no-store',
        'r1',
      ])
      for (const name of Object.keys(ofContent)) expect(linesOf(answer, name)).toEqual([])
    })

    test('RFC 9110 15.5.17 SHOULD: Content-Range stays with 416', async () => {
      const fields = { 'Content-Range': 'bytes */524' }
      const answer = await ask({ fields, error: () => httpError(416, 'x') })
      expect(answer.field('content-range')).toBe('bytes */524')
      const other = await ask({ fields, error: () => httpError(404, 'x') })
      expect(other.field('content-range')).toBeUndefined()
    })
  })
}

for (const [shown, make] of [
  ['Express 5', express],
  ['Express 4', express4 as unknown as typeof express],
] as const) {
  test(`RFC 9110 9.3.7: ${shown} answers OPTIONS from its routes`, async () => {
    const app = make()
    app.use(expectation())
    app.get('/things', (_request, response) => void response.json([]))
    app.post('/things', (_request, response) => void response.sendStatus(201))
    app.use(errorHandler())
    const client = await RawClient.connect(await serve(app))
    const answer = await client.send(head({ method: 'OPTIONS', target: '/things' })).final()
    expect(answer.status).toBe(200)
    expect(answer.field('allow')?.split(/, */).sort()).toEqual(['GET', 'HEAD', 'POST'])
    const unknown = await client.send(head({ method: 'OPTIONS', target: '/nowhere' })).final()
    expect(unknown.status).toBe(404)
  })

  test(`RFC 9110 15.5.17 SHOULD: ${shown}, a range of a static file: 416 with its length`, async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'expectation-'))
    afterThisTest(() => fs.rmSync(directory, { recursive: true }))
    fs.writeFileSync(path.join(directory, 'a.txt'), 'x'.repeat(524))
    const app = make().use('/f', make.static(directory)).use(errorHandler())
    const client = await RawClient.connect(await serve(app))
    const lines = ['Range: bytes=999999-']
    const answer = await client.send(head({ method: 'GET', target: '/f/a.txt', lines })).final()
    expect(answer.status).toBe(416)
    expect(answer.field('content-range')).toBe('bytes */524')
  })
}

test('RFC 9110 15.5.6 MUST: allowedMethods({ throw: true }) of @koa/router: 405 with Allow', async () => {
  const router = new Router()
  router.get('/things', (context) => void Object.assign(context, { body: [] }))
  router.put('/things', (context) => void Object.assign(context, { body: [] }))
  const app = new Koa().use(koaErrors()).use(koaGate()).use(router.routes())
  app.silent = true
  const client = await RawClient.connect(
    await serve(app.use(router.allowedMethods({ throw: true }))),
  )
  const answer = await client.send(head({ method: 'DELETE', target: '/things' })).final()
  expect(answer.status).toBe(405)
  expect(answer.field('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'PUT'])
})

for (const [shown, make] of [
  ['Express 5', express],
  ['Express 4', express4 as unknown as typeof express],
] as const) {
  test(`law 0: ${shown}, errorHandler before the routes leaves them their requests`, async () => {
    const app = make().use(errorHandler())
    app.get('/things', (_request, response) => void response.send('things'))
    const router = make.Router()
    router.use(errorHandler())
    router.get('/more', (_request, response) => void response.send('more'))
    app.use('/inner', router)
    const running = await serve(app)
    expect((await get(running, '/things')).text).toBe('things')
    expect((await get(running, '/inner/more')).text).toBe('more')
    expect((await get(running, '/nowhere')).status).toBe(404)
  })

  test(`${shown}: at the end of a router it answers for what was mounted there`, async () => {
    const router = make.Router().use(errorHandler())
    const app = make().use('/api', router)
    app.use((_request, response) => void response.send('page'))
    const running = await serve(app)
    expect((await get(running, '/api/nowhere')).json()).toMatchObject({ error: { code: 404 } })
    expect((await get(running, '/nowhere')).text).toBe('page')
  })
}
