// Who is told an outcome, and what it says of routes and of HTTP/2.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import http from 'node:http'
import http2 from 'node:http2'
import type { ExpectationOptions, Outcome } from '@expectation/core'
import { attach, CHANNELS } from '@expectation/core/node'
import { errorHandler, expectation } from '@expectation/express'
import { expectation as fastifyGate } from '@expectation/fastify'
import { errorHandler as koaErrors, expectation as koaGate } from '@expectation/koa'
import { Router } from '@koa/router'
import express from 'express'
import fastify, { type FastifyInstance } from 'fastify'
import Koa from 'koa'
import { listen } from '../contract/suite/servers.js'
import { afterThisTest } from '../support/cleanup.js'
import { framedSession } from '../support/framed-session.js'
import { outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { contentOf } from '../support/uploads.js'

forbidStrayErrors()

async function exchange(server: http.Server, bytes: string): Promise<RawClient> {
  const client = await RawClient.connect(await serve(server))
  await client.send(bytes).answer()
  client.halfClose()
  return client
}

describe('several gates', () => {
  test('that share one observer tell it one outcome of each exchange', async () => {
    const told = outcomes()
    const { onOutcome } = told
    const app = express().use(expectation({ onOutcome }))
    app.put('/files/:name', expectation({ onOutcome }), expectation({ onOutcome }), (req, res) => {
      contentOf(req).then((text) => res.send(text))
    })
    const running = await serve(http.createServer(app))
    const client = await RawClient.connect(running)
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await client.send(`${head({ length: 5 })}hello`).final()).text).toBe('hello')
    }
    await told.reach(3)
    expect(told.all).toHaveLength(3)
  })

  test('of which one refused, and whose application goes on and answers: refused, and no reason in a 200', async () => {
    const told = outcomes()
    const app = express().use(expectation({ maxContentLength: 4, onOutcome: told.onOutcome }))
    app.use((_error: unknown, _req: express.Request, _res: express.Response, next: () => void) =>
      next(),
    )
    app.put(
      '/files/:name',
      expectation({ maxContentLength: 100 }),
      (_req, res) => void res.send('on'),
    )
    await exchange(http.createServer(app), `${head({ length: 10 })}0123456789`)
    const outcome = await told.first()
    expect(outcome).toMatchObject({ decision: 'refuse', by: 'size', status: 200 })
    expect(outcome.reason).toBeUndefined()
  })

  test('with an observer each tell both the same', async () => {
    const [outer, inner] = [outcomes(), outcomes()]
    const app = express().use(expectation({ onOutcome: outer.onOutcome }))
    const gate = expectation({ maxContentLength: 1, onOutcome: inner.onOutcome })
    app.put('/files/:name', gate).use(errorHandler())
    await exchange(http.createServer(app), asking())
    expect(await inner.first()).toMatchObject({ decision: 'refuse', reason: 'content_too_large' })
    expect(await outer.first()).toBe(await inner.first())
    expect([outer.all.length, inner.all.length]).toEqual([1, 1])
  })

  test('of which the first refuses: the others are told nothing', async () => {
    const [outer, inner] = [outcomes(), outcomes()]
    const app = express().use(expectation({ maxContentLength: 1, onOutcome: outer.onOutcome }))
    app.put('/files/:name', expectation({ onOutcome: inner.onOutcome }))
    await exchange(http.createServer(app), asking())
    expect((await outer.first()).reason).toBe('content_too_large')
    expect(inner.all).toEqual([])
  })
})

test('what was answered before any gate is told on the channel, with decision none', async () => {
  const seen: Outcome[] = []
  const told = outcomes()
  const note = (message: unknown): void => {
    seen.push(message as Outcome)
    told.onOutcome(message as Outcome)
  }
  subscribe(CHANNELS.outcome, note)
  afterThisTest(() => void unsubscribe(CHANNELS.outcome, note))
  const app = express().put('/early', (_req, res) => void res.status(401).end())
  await exchange(http.createServer(app.use(expectation())), asking({ target: '/early' }))
  expect(await told.first()).toMatchObject({
    ...{ decision: 'none', status: 401, continueSent: false, avoidedBytes: 5 },
    connection: 'lingered',
  })
  expect(seen[0]).not.toHaveProperty('decisionMs')
  expect(seen).toHaveLength(1)
})

test('of an exchange that was found late, nobody can say whether the client waited', async () => {
  const told = outcomes()
  const app = express().use(expectation({ onOutcome: told.onOutcome }))
  app.put('/files/:name', (req, res) => void contentOf(req).then((text) => res.send(text)))
  // The gate is known to be here, so that it is not looked for anywhere else.
  const known = await RawClient.connect(await serve(app))
  await known.send(head({ method: 'GET', target: '/none' })).final()
  const server = http.createServer((request, response) => app(request, response))
  const client = await RawClient.connect(await serve(server))
  await client.send(asking()).continue()
  expect((await client.send('hello').final()).text).toBe('hello')
  const outcome = await told.first()
  expect(outcome).toMatchObject({ continueSent: true, receivedBytes: 5, decision: 'continue' })
  expect(outcome).not.toHaveProperty('continueAfterMs')
  expect(outcome).not.toHaveProperty('clientWaited')
})

describe('the route', () => {
  /** Mounts a gate under many routes of Express; the outcome of one upload. */
  async function expressRoute(target: string): Promise<string | undefined> {
    const told = outcomes()
    const gate = expectation({ maxContentLength: 1, onOutcome: told.onOutcome })
    const app = express()
    app.put('/plain/:name', gate)
    app.put(/^\/pattern\/.*$/, gate)
    app.put(['/one', '/two'], gate)
    app.use('/mounted/:tenant', express.Router().put('/:name', gate))
    app.use('/prefix', gate)
    await exchange(http.createServer(app.use(errorHandler())), asking({ target }))
    return (await told.first()).route
  }
  const routes = {
    '/plain/a?q=1': '/plain/:name',
    '/pattern/a': '/^\\/pattern\\/.*$/',
    '/two': '/one,/two',
    '/mounted/me/a': '/:name',
    '/prefix/a': undefined,
  } as const
  for (const [target, route] of Object.entries(routes)) {
    test(`on Express, of ${target}: ${route}, as it was written`, async () => {
      expect(await expressRoute(target)).toBe(route)
    })
  }

  test('on Koa it is that of @koa/router, with its prefix', async () => {
    const told = outcomes()
    const router = new Router({ prefix: '/api' })
    router.put('/files/:name', koaGate({ maxContentLength: 1, onOutcome: told.onOutcome }))
    const app = new Koa().use(koaErrors()).use(router.routes())
    const bytes = asking({ target: '/api/files/a?q=1' })
    await exchange(http.createServer(app.callback()), bytes)
    expect((await told.first()).route).toBe('/api/files/:name')
  })

  async function fastifyApp(options: ExpectationOptions): Promise<FastifyInstance> {
    const app = fastify()
    afterThisTest(() => app.close())
    await app.register(fastifyGate, options)
    const routes = async (inner: FastifyInstance): Promise<void> => {
      inner.put('/files/:name', async () => '')
    }
    await app.register(routes, { prefix: '/api' })
    await app.ready()
    return app
  }
  for (const [target, route] of [
    ['/api/files/a?q=1', '/api/files/:name'],
    ['/none/a', undefined],
  ] as const) {
    test(`on Fastify, of ${target}: ${route}`, async () => {
      const told = outcomes()
      const app = await fastifyApp({ maxContentLength: 1, onOutcome: told.onOutcome })
      await exchange(app.server, asking({ target }))
      expect((await told.first()).route).toBe(route)
    })
  }
})

describe('the outcome of a stream of HTTP/2', () => {
  type Make = (options: ExpectationOptions) => Promise<http2.Http2Server>
  const save = (content: http.IncomingMessage): Promise<string> => contentOf(content)

  const SERVERS: Readonly<Record<string, Make>> = {
    async bare(options) {
      const server = http2.createServer((request, response) => {
        save(request as unknown as http.IncomingMessage).then(
          (text) => response.end(text),
          () => undefined,
        )
      })
      return attach(server, options)
    },
    async koa(options) {
      const app = new Koa().use(koaErrors()).use(koaGate(options))
      app.use(async (context) => {
        context.body = await save(context.req)
      })
      app.silent = true
      const server = http2.createServer()
      server.on('request', app.callback())
      return attach(server)
    },
    async fastify(options) {
      const app = fastify({ http2: true })
      afterThisTest(() => app.close())
      await app.register(fastifyGate, options)
      app.addContentTypeParser('*', (_request, content, done) => done(null, content))
      app.put('/files/:name', (request) => save(request.raw as unknown as http.IncomingMessage))
      await app.ready()
      return app.server
    },
  }

  const asked = { ':method': 'PUT', ':path': '/files/a', expect: '100-continue' }
  const KINDS: Readonly<
    Record<string, { length: number; client: 'sends' | 'leaves'; facts: Partial<Outcome> }>
  > = {
    accepted: {
      length: 5,
      client: 'sends',
      facts: {
        ...{ decision: 'continue', status: 200, continueSent: true, clientWaited: true },
        ...{ receivedBytes: 5, avoidedBytes: 0, connection: 'kept', clientGone: false },
      },
    },
    refused: {
      length: 5000,
      client: 'sends',
      facts: {
        ...{ decision: 'refuse', by: 'size', reason: 'content_too_large', status: 413 },
        ...{ continueSent: false, receivedBytes: 0, avoidedBytes: 5000, connection: 'reset' },
        clientGone: false,
      },
    },
    left: {
      length: 5,
      client: 'leaves',
      facts: {
        ...{ decision: 'continue', continueSent: true, receivedBytes: 0, avoidedBytes: 5 },
        ...{ connection: 'cut', clientGone: true },
      },
    },
  }

  for (const [name, make] of Object.entries(SERVERS)) {
    for (const [shown, { length, client: does, facts }] of Object.entries(KINDS)) {
      test(`${name}, ${shown}: ${facts.connection}, told once`, async () => {
        const told = outcomes()
        const server = await make({ maxContentLength: 10, onOutcome: told.onOutcome })
        const { client } = await framedSession({ port: await listen(server) })
        const stream = client.request({ ...asked, 'content-length': length }, { endStream: false })
        stream.on('error', () => undefined)
        stream.on('continue', () => {
          if (does === 'sends') stream.end('hello')
          else stream.close(http2.constants.NGHTTP2_CANCEL)
        })
        stream.resume()
        const outcome = await told.first()
        expect(outcome).toMatchObject({
          ...{ method: 'PUT', target: '/files/a', protocol: '2.0', expectation: 'continue' },
          ...{ declaredBytes: length, lingeredBytes: 0, ...facts },
        })
        expect(outcome.decisionMs).toBeLessThanOrEqual(outcome.durationMs)
        expect(told.all).toHaveLength(1)
      })
    }
  }
})
