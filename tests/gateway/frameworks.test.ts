// The gateway mounted in each framework, in the lines that its README shows: relayed, refused by the
// application, refused by the upstream, and its own refusals in the framework's error shape.
import http from 'node:http'
import { describeError } from '@expectation/core'
import { attach } from '@expectation/core/node'
import * as forExpress from '@expectation/express'
import * as forFastify from '@expectation/fastify'
import { gateway } from '@expectation/gateway'
import * as forKoa from '@expectation/koa'
import express from 'express'
import Fastify from 'fastify'
import Koa from 'koa'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { tap } from '../support/tap.js'
import { deadOrigin } from './support/raw-upstream.js'

forbidStrayErrors()

/** Refuses below /private; counts bytes otherwise. Bytes on the way to it are counted by a tap. */
async function origin() {
  const server = http.createServer((request, response) => {
    if (request.url?.startsWith('/private') === true) {
      response.writeHead(401, { 'X-Origin': 'yes' }).end('who are you')
      return
    }
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    request.on('end', () => response.end(`${request.url} ${bytes}`))
  })
  const tapped = await tap(await serve(attach(server, {})))
  return { ...tapped, url: `http://127.0.0.1:${tapped.port}` }
}

const isAllowed = (headers: http.IncomingHttpHeaders): boolean =>
  headers.authorization === 'Bearer a'

const FRAMEWORKS = {
  Express(upstream: string) {
    const app = express()
    app.use((_request, response, next) => {
      response.setHeader('Access-Control-Allow-Origin', '*')
      next()
    })
    app.use(forExpress.expectation({ maxContentLength: '1mb' }))
    app.use('/storage', (request, _response, next) =>
      next(isAllowed(request.headers) ? undefined : new forExpress.Refusal(403)),
    )
    app.use('/storage', gateway({ upstreams: [upstream] }))
    app.use(forExpress.errorHandler({ log: () => undefined }))
    return serve(app)
  },
  async Koa(upstream: string) {
    const app = new Koa()
    app.silent = true
    const storage = gateway({ upstreams: [upstream], rewrite: unmounted })
    app.use(forKoa.errorHandler({ log: () => undefined }))
    app.use((context, next) => {
      context.set('Access-Control-Allow-Origin', '*')
      return next()
    })
    app.use(forKoa.expectation({ maxContentLength: '1mb' }))
    app.use((context) => {
      if (!isAllowed(context.req.headers)) throw new forKoa.Refusal(403)
      return new Promise<void>((resolve, reject) => {
        context.respond = false
        context.res.once('close', resolve)
        storage(context.req, context.res, (refusal) => {
          context.respond = true
          reject(refusal)
        })
      })
    })
    return serve(app)
  },
  async Fastify(upstream: string) {
    const app = Fastify()
    const storage = gateway({ upstreams: [upstream], rewrite: unmounted })
    await app.register(forFastify.expectation, { maxContentLength: '1mb' })
    app.setErrorHandler((error, _request, reply) => {
      const { status, reason, message } = describeError(error)
      return reply.code(status).send({ error: { code: status, reason, message } })
    })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _payload, done) => done(null))
    app.addHook('onRequest', async (request, reply) => {
      reply.raw.setHeader('Access-Control-Allow-Origin', '*')
      if (!isAllowed(request.headers)) throw new forFastify.Refusal(403)
    })
    app.all('/storage/*', (request, reply) => {
      return new Promise<void>((_resolve, reject) => {
        storage(request.raw, reply.raw, reject)
      })
    })
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    afterThisTest(() => app.close())
    return { port: Number(new URL(url).port) }
  },
} as const

/** Koa and Fastify leave the path as it came. */
function unmounted<Head extends { readonly target: string }>(given: Head): Head {
  return { ...given, target: given.target.replace(/^\/storage/, '') }
}

const SIZE = 200_000
const put = (path: string, authorization = 'Bearer a') => ({
  target: `/storage${path}`,
  length: SIZE,
  type: 'video/mp4',
  lines: [`Authorization: ${authorization}`],
})

for (const [framework, start] of Object.entries(FRAMEWORKS)) {
  test(`${framework}: accepted whole, asked or not`, async () => {
    const upstream = await origin()
    const { port } = await start(upstream.url)
    for (const asks of [true, false]) {
      const client = await RawClient.connect({ port })
      client.send(asks ? asking(put('/a?b')) : head(put('/a?b')))
      if (asks) await client.continue()
      const stored = await client.send(Buffer.alloc(SIZE)).final()
      expect([stored.status, stored.text, stored.field('access-control-allow-origin')]).toEqual([
        200,
        `/a?b ${SIZE}`,
        '*',
      ])
    }
  })

  test(`${framework}: refused by the upstream, by the application, by the gate: nothing on the second hop`, async () => {
    const upstream = await origin()
    const { port } = await start(upstream.url)
    for (const [request, status] of [
      [put('/private/a'), 401],
      [put('/a', 'none'), 403],
      [{ ...put('/a'), length: 2_000_000 }, 413],
      [{ ...put('/a'), expect: 'y 100-continue' }, 417],
    ] as const) {
      for (const asks of [true, false]) {
        upstream.reset()
        const client = await RawClient.connect({ port })
        client.send(asks || status === 417 ? asking(request) : head(request))
        if (!asks) client.send(Buffer.alloc(100_000))
        const refused = await client.final()
        expect([refused.status, refused.field('connection')]).toEqual([status, 'close'])
        expect(refused.field('x-origin')).toBe(status === 401 ? 'yes' : undefined)
        await upstream.quiet()
        // A head at most; nothing where nobody had to be asked.
        expect(upstream.seen().bytes).toBeLessThan(status === 401 ? 1000 : 1)
      }
    }
  })

  test(`${framework}: an upstream that is not there is a 502 in the framework's shape`, async () => {
    const { port } = await start(await deadOrigin())
    const client = await RawClient.connect({ port })
    const refused = await client.send(asking(put('/a'))).final()
    expect([refused.status, refused.field('connection'), refused.json()]).toEqual([
      502,
      'close',
      { error: { code: 502, reason: 'upstream_unreachable', message: 'Bad Gateway' } },
    ])
    expect(refused.field('access-control-allow-origin')).toBe('*')
  })
}

test('a bare server that nobody attached: the gateway attaches it itself', async () => {
  const upstream = await origin()
  const { port } = await serve(http.createServer(gateway({ upstreams: [upstream.url] })))
  const client = await RawClient.connect({ port })
  const refused = await client.send(asking({ target: '/private/a', length: SIZE })).final()
  expect([refused.status, refused.field('connection')]).toEqual([401, 'close'])
  const unknown = await RawClient.connect({ port })
  expect((await unknown.send(asking({ expect: 'y 100-continue' })).final()).status).toBe(417)
})

test('gateway, gateway, origin: a refusal costs nothing on either hop', async () => {
  const upstream = await origin()
  const inner = await serve(http.createServer(gateway({ upstreams: [upstream.url] })))
  const between = await tap(inner)
  const handler = gateway({ upstreams: [`http://127.0.0.1:${between.port}`] })
  const outer = await serve(http.createServer(handler))
  for (const asks of [true, false]) {
    const request = { target: '/private/a', length: SIZE }
    const client = await RawClient.connect(outer)
    client.send(asks ? asking(request) : head(request))
    expect((await client.final()).status).toBe(401)
  }
  await between.quiet()
  await upstream.quiet()
  expect([between.seen().bytes < 2000, upstream.seen().bytes < 2000]).toEqual([true, true])
})

test('law 0: beside tracing that has all the listeners Node allows, no warning of a leak', async () => {
  const upstream = await origin()
  let room = 0
  const handler = gateway({ upstreams: [upstream.url] })
  const server = http.createServer((request, response) => {
    for (let listener = 0; listener < 10; listener += 1) response.on('close', () => undefined)
    handler(request, response)
    room = response.getMaxListeners() - response.listenerCount('close')
  })
  const client = await RawClient.connect(await serve(attach(server)))
  expect((await client.send(head({ target: '/a', length: 0 })).final()).text).toBe('/a 0')
  expect(room).toBe(0)
})
