// One little application in each framework: a gate, a second one where the framework takes it, and a
// route that works on Node's own objects.

import http from 'node:http'
import http2 from 'node:http2'
import { type Check, describeError, type ExpectationOptions } from '@expectation/core'
import { attach, requestHeadOf, writeError } from '@expectation/core/node'
import * as ofExpress from '@expectation/express'
import * as ofFastify from '@expectation/fastify'
import * as ofKoa from '@expectation/koa'
import express from 'express'
import fastify, { type FastifyInstance } from 'fastify'
import Koa from 'koa'

export interface App {
  readonly gate: ExpectationOptions
  /** Of a second gate, for `/narrow/…`. */
  readonly narrow: ExpectationOptions
  readonly save: (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>
}

export type Version = 1 | 2

export interface Framework {
  readonly name: string
  readonly versions: readonly Version[]
  /** Whether it takes a second gate that narrows the first. */
  readonly narrows: boolean
  serve(app: App, version: Version): Promise<http.Server | http2.Http2Server>
}

export const FRAMEWORKS: readonly Framework[] = [
  {
    name: 'Express',
    versions: [1],
    narrows: true,
    async serve({ gate, narrow, save }) {
      const app = express()
      app.use(ofExpress.expectation(gate))
      app.put('/narrow/:name', ofExpress.expectation(narrow), save)
      app.put('/files/:name', save)
      app.use(ofExpress.errorHandler({ log: () => {} }))
      return http.createServer(app)
    },
  },
  {
    name: 'Koa',
    versions: [1, 2],
    narrows: true,
    async serve({ gate, narrow, save }, version) {
      const app = new Koa()
      app.use(ofKoa.errorHandler({ log: () => {} }))
      app.use(ofKoa.expectation(gate))
      const second = ofKoa.expectation(narrow)
      app.use((context, next) =>
        context.path.startsWith('/narrow') ? second(context, next) : next(),
      )
      app.use(async (context) => {
        await save(context.req, context.res)
        context.respond = false
      })
      return listening(app.callback(), version)
    },
  },
  {
    name: 'Fastify',
    versions: [1, 2],
    narrows: false,
    async serve({ gate, save }, version) {
      const app = (version === 2
        ? fastify({ http2: true })
        : fastify()) as unknown as FastifyInstance
      app.removeAllContentTypeParsers()
      app.addContentTypeParser('*', (_request, content, done) => done(null, content))
      await app.register(ofFastify.expectation, gate)
      await app.register(ofFastify.errorHandler, { log: () => {} })
      app.put('/files/:name', async (request, reply) => {
        await save(request.raw, reply.raw)
        reply.hijack()
      })
      await app.ready()
      return app.server
    },
  },
  {
    name: 'bare Node',
    versions: [1, 2],
    narrows: false,
    async serve({ gate, save }, version) {
      const listener: http.RequestListener = (request, response) => {
        save(request, response).catch((error: unknown) => {
          if (response.headersSent) response.destroy()
          else writeError(response, requestHeadOf(request), describeError(error))
        })
      }
      return attach(version === 1 ? http.createServer(listener) : overHttp2(listener), gate)
    },
  },
]

function listening(listener: http.RequestListener, version: Version) {
  return version === 1 ? http.createServer(listener) : attach(overHttp2(listener))
}

/** Node's HTTP/2 messages have what a listener of `node:http` uses, but not its types. */
function overHttp2(listener: http.RequestListener): http2.Http2Server {
  const server = http2.createServer()
  server.on('request', listener as never)
  return server
}

export type { Check }
