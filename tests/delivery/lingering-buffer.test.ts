// R28 (RFC 9112 section 9.6): a connection lingers for seconds, so that what it keeps counts. Content that
// the parser had read before the answer was decided on is no longer wanted by anybody.
import http, { type IncomingMessage } from 'node:http'
import { attach } from '@expectation/core/node'
import * as forExpress from '@expectation/express'
import * as forKoa from '@expectation/koa'
import express from 'express'
import Koa from 'koa'
import { RawClient } from '../support/raw-client.js'
import { serve } from '../support/server.js'

const CONTENT = 'c'.repeat(60_000)
const HEAD =
  'POST /upload HTTP/1.1\r\nHost: test\r\nContent-Type: text/plain\r\nContent-Length: 5000000\r\n\r\n'

/** Tells the buffered bytes of the request once its answer has come and the connection lingers. */
type Application = (seen: (request: IncomingMessage) => void) => http.Server

const applications: Readonly<Record<string, Application>> = {
  'attach, a turn later': (seen) => {
    const server = attach(http.createServer())
    return server.on('request', (request, response) => {
      seen(request)
      setImmediate(() => response.writeHead(413).end())
    })
  },
  Express: (seen) => {
    const app = express()
    app.use((request, _response, next) => {
      seen(request)
      next()
    })
    app.use(forExpress.expectation({ maxContentLength: 1000 }))
    app.use(forExpress.errorHandler({ log: () => undefined }))
    return http.createServer(app)
  },
  Koa: (seen) => {
    const app = new Koa()
    app.silent = true
    app.use((context, next) => {
      seen(context.req)
      return next()
    })
    app.use(forKoa.expectation({ maxContentLength: 1000 }))
    return http.createServer(app.callback())
  },
}

test.each(Object.keys(applications))('%s: nothing of the content is kept', async (name) => {
  let request: IncomingMessage | undefined
  const { port } = await serve(
    (applications[name] as Application)((seen) => {
      request = seen
    }),
  )
  const client = await RawClient.connect({ port })
  client.send(HEAD + CONTENT)
  expect(await client.final()).toMatchObject({ status: 413 })
  await client.fin()
  expect(request?.readableLength).toBe(0)
})
