// Somebody in front of the gate answers while a check is asked, as timeouts do, and then the check refuses. Law 0:
// plain frameworks leave a whole answer alone when an error comes behind it; so does the gate, and nothing escapes.

import type { ServerResponse } from 'node:http'
import { Refusal } from '@expectation/core'
import { errorHandler, expectation } from '@expectation/express'
import { expectation as fastifyGate } from '@expectation/fastify'
import { errorHandler as koaErrors, expectation as koaGate } from '@expectation/koa'
import express from 'express'
import express4 from 'express4'
import fastify from 'fastify'
import Koa from 'koa'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { type Latch, latch, type Running, serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()

/** What stands in front of the gate: answers when the check is asked. */
interface Front {
  readonly asked: Latch
  readonly answered: Latch
  readonly check: () => Promise<Refusal>
  /** Of half an answer the rest never comes. */
  readonly whole: boolean
}

function frontOf(whole: boolean): Front {
  const asked = latch()
  const answered = latch()
  const check = async () => {
    asked.open()
    await answered.opened
    return new Refusal(403)
  }
  return { asked, answered, check, whole }
}

async function answer({ asked, answered, whole }: Front, response: ServerResponse): Promise<void> {
  await asked.opened
  response.statusCode = 503
  if (whole) response.end('busy', answered.open)
  else response.write('bu', () => answered.open())
}

const onExpress =
  (make: typeof express, handled: boolean) =>
  async (front: Front): Promise<Running> => {
    const app = make()
    app.get('/after', (_request, response) => void response.send('after'))
    app.use((_request, response, next) => {
      void answer(front, response)
      next()
    })
    app.use(expectation({ checks: [front.check] }))
    if (handled) app.use(errorHandler({ log: () => undefined }))
    return serve(app)
  }

const onKoa =
  (handled: boolean) =>
  async (front: Front): Promise<Running> => {
    const app = new Koa()
    app.silent = true
    if (handled) app.use(koaErrors())
    app.use(async (context, next) => {
      if (context.path === '/after') {
        context.body = 'after'
        return
      }
      void answer(front, context.res)
      await next()
    })
    return serve(app.use(koaGate({ checks: [front.check] })))
  }

async function onFastify(front: Front): Promise<Running> {
  const app = fastify()
  afterThisTest(() => app.close())
  app.addHook('onRequest', async (request, reply) => {
    if (request.url !== '/after') void answer(front, reply.raw)
  })
  await app.register(fastifyGate, { checks: [front.check] })
  app.get('/after', async () => 'after')
  await app.ready()
  return serve(app.server)
}

const FRAMEWORKS: readonly (readonly [string, (front: Front) => Promise<Running>])[] = [
  ['Express 5, no error handler', onExpress(express, false)],
  ['Express 5, errorHandler', onExpress(express, true)],
  ['Express 4, no error handler', onExpress(express4 as unknown as typeof express, false)],
  ['Koa, no error handler', onKoa(false)],
  ['Koa, errorHandler', onKoa(true)],
  ['Fastify', onFastify],
]

describe.each(FRAMEWORKS)('%s', (_framework, build) => {
  test('a whole answer stays the only one, and the connection is kept', async () => {
    const front = frontOf(true)
    const client = await RawClient.connect(await build(front))
    client.send(`${head({ length: 5 })}hello`)
    const busy = await client.final()
    expect([busy.status, String(busy.body)]).toEqual([503, 'busy'])
    client.send(head({ method: 'GET', target: '/after' }))
    expect(String((await client.final()).body)).toBe('after')
  })
})

test('Express: half an answer is cut, as errorHandler does it', async () => {
  const front = frontOf(false)
  const client = await RawClient.connect(await onExpress(express, false)(front))
  client.send(`${head({ length: 5 })}hello`)
  await front.answered.opened
  expect(await client.over()).toMatch(/^HTTP\/1\.1 503 .*\r\n\r\n2\r\nbu\r\n$/s)
})
