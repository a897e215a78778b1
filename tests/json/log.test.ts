// The `log` of error handlers, and the fields of a bare gate, may be asynchronous and throw anything: the error
// is answered all the same, and the process goes on.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import * as ofExpress from '@expectation/express'
import * as ofFastify from '@expectation/fastify'
import * as ofKoa from '@expectation/koa'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import request from 'supertest'
import { serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()

type Log = () => void

const adapters: Readonly<Record<string, (log: Log) => Promise<http.RequestListener>>> = {
  async Express(log) {
    const app = express()
    app.use(ofExpress.expectation({ maxContentLength: 1 }))
    return app.use(ofExpress.errorHandler({ log }))
  },
  async Koa(log) {
    const app = new Koa()
    app.on('error', () => undefined)
    app.use(ofKoa.errorHandler({ log }))
    return app.use(ofKoa.expectation({ maxContentLength: 1 })).callback()
  },
  async Fastify(log) {
    const app = fastify()
    await app.register(ofFastify.expectation, { maxContentLength: 1, log })
    await app.register(ofFastify.errorHandler, { log })
    await app.ready()
    return (incoming, response) => app.routing(incoming, response)
  },
  async 'the gate of Fastify alone'(log) {
    const app = fastify()
    await app.register(ofFastify.expectation, { maxContentLength: 1, log })
    app.get('/unknown', (_request, reply) => void reply.code(404).send())
    await app.ready()
    return (incoming, response) => app.routing(incoming, response)
  },
}

const faults: Readonly<Record<string, () => unknown>> = {
  'throws undefined': () => {
    throw undefined
  },
  'throws an error': () => {
    throw new Error('no disk')
  },
  'rejects with an error': async () => {
    throw Object.freeze(new Error('no database'))
  },
  'rejects with null': () => Promise.reject(null),
  'answers with a thenable that rejects': () => ({
    // biome-ignore lint/suspicious/noThenProperty: what some libraries give in place of a promise.
    then: (_done: unknown, failed: (error: unknown) => void) => failed('no network'),
  }),
  'never settles': () => new Promise(() => undefined),
}

describe.each(Object.entries(adapters))('%s: a log', (_name, listenerWith) => {
  test.each(Object.entries(faults))('that %s changes no answer', async (_how, log) => {
    const running = await serve(http.createServer(await listenerWith(log)))
    const address = `http://127.0.0.1:${running.port}`
    await request(address).post('/').send({ much: 'more' }).expect(413)
    await request(address).get('/unknown').expect(404)
  })
})

test.each(Object.entries(faults))('fields of a bare gate: %s', async (_how, headers) => {
  const server = http.createServer((_incoming, response) => response.end('ok'))
  attach(server, { maxContentLength: 1, headers: headers as () => undefined })
  const { port } = await serve(server)
  await request(`http://127.0.0.1:${port}`).post('/').send({ much: 'more' }).expect(413)
})
