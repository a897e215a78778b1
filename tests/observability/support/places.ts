// One little application in four places: a bare server with `attach`, and the three frameworks.
// `PUT`, `POST` and `PATCH` of its routes run `save`; `GET /hello` answers `hello`.

import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { ExpectationOptions } from '@expectation/core'
import { attach } from '@expectation/core/node'
import { errorHandler as expressErrors, expectation as expressGate } from '@expectation/express'
import { errorHandler as fastifyErrors, expectation as fastifyGate } from '@expectation/fastify'
import { errorHandler as koaErrors, expectation as koaGate } from '@expectation/koa'
import { Router } from '@koa/router'
import express from 'express'
import fastify, { type FastifyServerOptions } from 'fastify'
import Koa, { type Middleware } from 'koa'
import { afterThisTest } from '../../support/cleanup.js'
import { RawClient } from '../../support/raw-client.js'
import { head } from '../../support/request.js'
import { serve } from '../../support/server.js'
import { contentOf } from '../../support/uploads.js'

export type Place = 'bare' | 'express' | 'koa' | 'fastify'

/** Places that have routes. */
export type Adapter = Exclude<Place, 'bare'>

/** Options of each route's own gate; `undefined`: it has none. */
type Routes = Readonly<Record<string, ExpectationOptions | undefined>>

export interface Visit {
  readonly content: IncomingMessage
  readonly response: ServerResponse
}

/** What it resolves with is sent; `undefined`: it has answered on `response`. */
export type Save = (visit: Visit) => Promise<string | undefined>

export interface Application {
  readonly options?: ExpectationOptions
  readonly save?: Save
  /** Default: `/files/:name`, without a gate of its own. A bare server takes every path. */
  readonly routes?: Routes
  /** Options of Node's own server. */
  readonly node?: http.ServerOptions
  /** Options of Fastify alone. */
  readonly fastify?: FastifyServerOptions
  /** What the framework's error handler is told; kept quiet by default. */
  readonly log?: (error: unknown) => void
}

export interface Served {
  readonly port: number
  readonly server: http.Server
  /** How often `save` and the page ran. */
  readonly calls: () => number
}

const echo: Save = ({ content }) => contentOf(content)
const METHODS = ['PUT', 'POST', 'PATCH'] as const

interface Inside {
  readonly options: ExpectationOptions
  readonly save: Save
  readonly routes: Routes
  readonly hello: () => string
  readonly node: http.ServerOptions
  readonly fastify: FastifyServerOptions
  readonly log: (error: unknown) => void
}

const BUILD: Readonly<Record<Place, (inside: Inside) => Promise<http.Server>>> = {
  async bare({ options, save, hello, node }) {
    const server = http.createServer(node, (request, response) => {
      if (request.method === 'GET') {
        response.end(hello())
        return
      }
      if (request.method === 'OPTIONS') {
        response.writeHead(204).end()
        return
      }
      save({ content: request, response }).then(
        (text) => void (text !== undefined && response.end(text)),
        // Whoever refused the content answers it.
        () => undefined,
      )
    })
    return attach(server, options)
  },

  async express({ options, save, routes, hello, node, log }) {
    const app = express().use(expressGate(options))
    app.get('/hello', (_request, response) => void response.send(hello()))
    for (const [path, own] of Object.entries(routes)) {
      const route = app.route(path)
      if (own !== undefined) route.all(expressGate(own))
      for (const method of ['put', 'post', 'patch'] as const) {
        route[method](async (request, response) => {
          const text = await save({ content: request, response })
          if (text !== undefined) response.send(text)
        })
      }
    }
    return http.createServer(node, app.use(expressErrors({ log })))
  },

  async koa({ options, save, routes, hello, node, log }) {
    const app = new Koa()
    app.silent = true
    const router = new Router()
    router.get('/hello', (context) => {
      context.body = hello()
    })
    const saving: Middleware = async (context) => {
      const text = await save({ content: context.req, response: context.res })
      if (text === undefined) context.respond = false
      else context.body = text
    }
    for (const [path, own] of Object.entries(routes)) {
      const gates = own === undefined ? [] : [koaGate(own)]
      router.register(path, [...METHODS], [...gates, saving])
    }
    app.use(koaErrors({ log })).use(koaGate(options))
    app.use(router.routes()).use(router.allowedMethods())
    return http.createServer(node, app.callback())
  },

  async fastify({ options, save, routes, hello, node, log, fastify: settings }) {
    const app = fastify({ ...settings, http: node })
    await app.register(fastifyGate, options)
    await app.register(fastifyErrors, { log })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, content, done) => done(null, content))
    app.get('/hello', () => hello())
    app.options('/files/:name', (_request, reply) => reply.code(204).send())
    for (const [url, own] of Object.entries(routes)) {
      app.route({
        method: [...METHODS],
        url,
        ...(own && { config: { expectation: own } }),
        async handler(request, reply) {
          const text = await save({ content: request.raw, response: reply.raw })
          if (text === undefined) reply.hijack()
          return text
        },
      })
    }
    await app.ready()
    afterThisTest(() => app.close())
    return app.server
  },
}

export const PLACES: readonly Place[] = ['bare', 'express', 'koa', 'fastify']

export async function start(place: Place, application: Application = {}): Promise<Served> {
  const { options = {}, save = echo, node = {}, log = () => undefined } = application
  const { routes = { '/files/:name': undefined }, fastify = {} } = application
  let calls = 0
  const server = await BUILD[place]({
    options,
    save: (visit) => {
      calls += 1
      return save(visit)
    },
    routes,
    hello: () => {
      calls += 1
      return 'hello'
    },
    node,
    fastify,
    log,
  })
  // Fastify has an option of its own for this one, which wins over Node's.
  if (node.requestTimeout !== undefined) server.requestTimeout = node.requestTimeout
  const { port } = await serve(server)
  return { port, server, calls: () => calls }
}

/**
 * The same, after one request: applications of Express and Koa are found when the first request of
 * their server starts, and what comes before it belongs to Node.
 */
export async function startWarm(place: Place, application: Application = {}): Promise<Served> {
  const served = await start(place, application)
  const client = await RawClient.connect(served)
  await client.send(head({ method: 'GET', target: '/hello' })).final()
  client.destroy()
  const before = served.calls()
  return { ...served, calls: () => served.calls() - before }
}
