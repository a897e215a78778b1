// Law 7: a refusal that comes while the content does is answered by the application's own error handling, whoever
// reads and from when on. Where nobody there can learn of it, the client does not wait for nothing.
import type { IncomingMessage as Request } from 'node:http'
import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { Grant } from '@expectation/core'
import { exchangeOf } from '@expectation/core/node'
import { type ExpectationOptions, expectation, Refusal } from '@expectation/express'
import * as ofFastify from '@expectation/fastify'
import * as ofKoa from '@expectation/koa'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import express4 from 'express4'
import fastify from 'fastify'
import Koa from 'koa'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'
import type { WireResponse } from '../support/parse-response.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody } from '../support/refusal.js'
import { asking, chunks, head } from '../support/request.js'
import { latch, type Running, serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { contentOf } from '../support/uploads.js'

keepConsoleErrors()
forbidStrayErrors()

/** What is used here is the same in both majors, their types are not. */
const majors = [
  ['Express 5', express],
  ['Express 4', Object.assign(express4) as unknown as typeof express],
] as const

const all = { type: () => true } as const

type Reader = (module: typeof express) => RequestHandler

const parsers: Readonly<Record<string, Reader>> = {
  'express.raw': (module) => module.raw(all),
  'express.json': (module) => module.json(all),
  'express.text': (module) => module.text(all),
  'express.urlencoded': (module) => module.urlencoded({ ...all, extended: true }),
}

const readers: Readonly<Record<string, Reader>> = {
  ...parsers,
  'for await': () => (request, _response, next) => void contentOf(request).then(() => next(), next),
  listeners: () => (request, _response, next) =>
    void request
      .on('error', next)
      .on('end', () => next())
      .resume()
      .on('data', () => undefined),
}

const caught: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(error.status ?? 500).send(`caught ${error.reason}`)
}

const reached: RequestHandler = (_request, response) => void response.send('reached')

/** Opens when what stands behind it has been called. */
function begun(): readonly [reads: Promise<void>, middleware: RequestHandler] {
  const { open, opened } = latch()
  const middleware: RequestHandler = (_request, _response, next) => {
    next()
    open()
  }
  return [opened, middleware]
}

/** The content goes over 5 bytes when the reader reads. */
async function refusedMidway(
  module: typeof express,
  options: ExpectationOptions,
  reader: Reader,
): Promise<WireResponse> {
  const [reads, begins] = begun()
  const app = module().use(expectation(options), begins)
  app.put('/files/a', reader(module), reached).use(caught)
  const client = await RawClient.connect(await serve(app))
  client.send(head({ chunked: true, type: 'application/json' }))
  await within('the reader', reads)
  // The rest never comes: nobody waits for it.
  return await client.send('a\r\n[1,2,3,4,5\r\n').final()
}

function expectCaught(answer: WireResponse, status: number, reason: string): void {
  expect([answer.status, answer.text]).toEqual([status, `caught ${reason}`])
}

for (const [major, module] of majors) {
  for (const [shown, reader] of Object.entries(readers)) {
    test(`law 7: content over the limit, ${shown}: the error handler answers: ${major}`, async () => {
      const answer = await refusedMidway(module, { maxContentLength: 5 }, reader)
      expectCaught(answer, 413, 'content_too_large')
    })
  }

  test(`law 7: no more is granted: the error handler answers: ${major}`, async () => {
    const grant = () => {
      const full = new Refusal(507)
      return new Grant({ release: () => undefined, bytes: 5, extend: () => Promise.resolve(full) })
    }
    const answer = await refusedMidway(module, { checks: [grant] }, () => module.raw(all))
    expectCaught(answer, 507, 'insufficient_storage')
  })

  test(`law 7: the content does not come behind a 100: the error handler answers: ${major}`, async () => {
    const app = module().use(expectation({ contentTimeoutMs: 50 }))
    app.put('/files/a', module.raw(all), reached).use(caught)
    const client = await RawClient.connect(await serve(app))
    await client.send(asking()).continue()
    expectCaught(await client.final(), 408, 'request_timeout')
  })
}

/** What stands in front of the reader, and goes on when the content is refused. */
function untilRefused(): readonly [
  called: Promise<void>,
  wait: (message: Request) => Promise<void>,
] {
  const { open, opened } = latch()
  return [
    opened,
    async (request) => {
      open()
      while (exchangeOf(request)?.decision?.kind !== 'refuse') await setImmediate()
    },
  ]
}

async function sendOver(running: Running, called: Promise<void>): Promise<WireResponse> {
  const client = await RawClient.connect(running)
  client.send(head({ chunked: true, type: 'application/json' }))
  await within('what stands in front', called)
  return await client.send('a\r\n[1,2,3,4,5\r\n').final()
}

async function refusedBefore(arrange: (app: Express) => unknown): Promise<WireResponse> {
  const [called, wait] = untilRefused()
  const app = express().use(expectation({ maxContentLength: 5 }))
  app.use((request, _response, next) => void wait(request).then(() => next()))
  arrange(app)
  return await sendOver(await serve(app.use(caught)), called)
}

describe('law 7: refused before anybody reads', () => {
  for (const [shown, reader] of Object.entries(readers)) {
    test(`${shown} behind it learns the refusal`, async () => {
      const answer = await refusedBefore((app) => app.put('/files/a', reader(express), reached))
      expectCaught(answer, 413, 'content_too_large')
    })
  }

  test('so does Koa', async () => {
    const [called, wait] = untilRefused()
    const app = new Koa().use(async (context, next) => {
      await next().catch(({ status, reason }) =>
        Object.assign(context, { status, body: `caught ${reason}` }),
      )
    })
    app.use(ofKoa.expectation({ maxContentLength: 5 })).use(async ({ req }) => {
      await wait(req)
      await contentOf(req)
    })
    expectCaught(await sendOver(await serve(app), called), 413, 'content_too_large')
  })

  test('so does Fastify', async () => {
    const [called, wait] = untilRefused()
    const app = fastify()
    afterThisTest(() => app.close())
    await app.register(ofFastify.expectation, { maxContentLength: 5 })
    app.addHook('preParsing', (request) => wait(request.raw))
    app.setErrorHandler(({ statusCode = 500, reason }: Refusal, _request, reply) =>
      reply.code(statusCode).send(`caught ${reason}`),
    )
    app.put('/files/a', async () => 'reached')
    await app.ready()
    expectCaught(await sendOver(await serve(app.server), called), 413, 'content_too_large')
  })

  test('an application that refuses for its own reasons is not kept waiting', async () => {
    const answer = await refusedBefore((app) =>
      app.use((_request, _response, next) => next(new Refusal(401))),
    )
    expectCaught(answer, 401, 'unauthorized')
  })

  test('nor is one that answers', async () => {
    const answer = await refusedBefore((app) =>
      app.use((_request, response) => void response.status(400).send('own')),
    )
    expect([answer.status, answer.text]).toEqual([400, 'own'])
  })
})

describe('where no listener for errors could tell the application', () => {
  /** An application that would answer later, had it the time. */
  const late: RequestHandler = (request, response, next) => {
    request.on('close', () => setTimeout(() => response.status(500).send('late'), 300))
    next()
  }
  const unheard: Readonly<Record<string, RequestHandler>> = {
    'listeners for data alone': (request) => void request.on('data', () => undefined),
    'a pipe': (request) => void request.pipe(new PassThrough()).resume(),
    'a body parser behind a decoder': express.raw(all),
  }
  for (const [shown, handler] of Object.entries(unheard)) {
    test(`law 3: ${shown}: 413 is written at once`, async () => {
      const [reads, begins] = begun()
      const app = express().use(expectation({ maxContentLength: 5 }), late, begins)
      app.put('/files/a', handler, reached).use(caught)
      const client = await RawClient.connect(await serve(app))
      client.send(head({ chunked: true, lines: ['Content-Encoding: gzip'] }))
      await within('the reader', reads)
      client.send(chunks(gzipSync('[1,2,3,4,5]').toString('latin1')))
      checkBody(await client.final(), 413, 'content_too_large')
    })
  }
})
