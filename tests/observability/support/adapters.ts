// The same little application on each adapter: a gate for everything, and one for each route.

import type http from 'node:http'
import { errorHandler as expressErrors, expectation as expressGate } from '@expectation/express'
import { errorHandler as fastifyErrors, expectation as fastifyGate } from '@expectation/fastify'
import { errorHandler as koaErrors, expectation as koaGate } from '@expectation/koa'
import { Router } from '@koa/router'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import { afterThisTest } from '../../support/cleanup.js'
import { serve } from '../../support/server.js'
import { act, type Inside, ROUTES } from './policies.js'

export type Adapter = 'express' | 'koa' | 'fastify'

export const ADAPTERS: Readonly<Record<Adapter, (inside: Inside) => Promise<{ port: number }>>> = {
  async express(inside) {
    const app = express().use(expressGate())
    for (const [route, options] of Object.entries(ROUTES)) {
      app.put(route, expressGate(options), async (req, res) => {
        await act(req, inside)
        res.json({})
      })
    }
    return serve(app.use(expressErrors({ log: () => undefined })))
  },

  async koa(inside) {
    const app = new Koa()
    app.silent = true
    const router = new Router()
    for (const [route, options] of Object.entries(ROUTES)) {
      router.put(route, koaGate(options), async (context) => {
        await act(context.req, inside)
        context.body = {}
      })
    }
    return serve(app.use(koaErrors()).use(koaGate()).use(router.routes()))
  },

  async fastify(inside) {
    const app = fastify()
    await app.register(fastifyGate)
    await app.register(fastifyErrors, { log: () => undefined })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    for (const [route, expectation] of Object.entries(ROUTES)) {
      app.put(route, { config: { expectation } }, async (request) => {
        await act(request.raw, inside)
        return {}
      })
    }
    await app.listen({ port: 0, host: '127.0.0.1' })
    const server: http.Server = app.server
    afterThisTest(async () => {
      server.closeAllConnections()
      await app.close()
    })
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('not listening on a port')
    return { port: address.port }
  },
}
