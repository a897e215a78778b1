// RFC 9110 section 5.4: a server that receives more fields than it wishes to process MUST answer with a 4xx.
// Node 20 keeps the first thousand, and drops the rest without a word: what announces the content and
// what checks ask for may be among them (law 1).
import http from 'node:http'
import { attach } from '@expectation/core/node'
import * as forExpress from '@expectation/express'
import * as forFastify from '@expectation/fastify'
import * as forKoa from '@expectation/koa'
import express from 'express'
import Fastify from 'fastify'
import Koa from 'koa'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { type Listening, serve } from '../support/server.js'

const options = { maxContentLength: 10 }

const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `h${n}: 1`)
/** The content is announced behind all other fields. */
const upload = (count: number): string =>
  `${head({ lines: [...many(count), 'Content-Length: 100'] })}${'a'.repeat(100)}`

const gated: Readonly<Record<string, () => Promise<Listening | http.Server> | http.Server>> = {
  attach: () =>
    attach(
      http.createServer((_req, res) => res.end('handled')),
      options,
    ),
  Express: () =>
    http.createServer(
      express()
        .use(forExpress.expectation(options))
        .use((_req, res) => void res.send('handled'))
        .use(forExpress.errorHandler({ log: () => undefined })),
    ),
  Koa: () => {
    const app = new Koa()
    app.use(forKoa.errorHandler({ log: () => undefined }))
    app.use(forKoa.expectation(options))
    app.use((context) => {
      context.body = 'handled'
    })
    return http.createServer(app.callback())
  },
  Fastify: async () => {
    const app = Fastify()
    await app.register(forFastify.expectation, options)
    app.put('/files/a', async () => 'handled')
    await app.ready()
    return app.server
  },
}

describe.each(Object.keys(gated))('%s', (name) => {
  const started = async () => serve((await gated[name]?.()) ?? http.createServer())

  test.each([1000, 1022, 1023, 1024, 1100, 1500])(
    'MUST: 431 for %i fields and more',
    async (count) => {
      const client = await RawClient.connect(await started())
      client.send(upload(count))
      const answer = await client.final()
      expect([answer.status, answer.field('connection')]).toEqual([431, 'close'])
    },
  )

  test('as many as are kept are judged as ever', async () => {
    const client = await RawClient.connect(await started())
    // With Host and Content-Length.
    client.send(upload(998))
    expect((await client.final()).status).toBe(413)
  })
})

test.each([10, 31, 32, 62])('MUST: 431 behind a limit of %i fields, too', async (limit) => {
  const server = http.createServer((_req, res) => res.end('handled'))
  server.maxHeadersCount = limit
  const running = await serve(attach(server, options))
  for (const more of [1, 2, 70]) {
    const client = await RawClient.connect(running)
    // With Host and Content-Length.
    client.send(upload(limit + more - 2))
    expect((await client.final()).status).toBe(431)
  }
})

test('a server that keeps all of them judges all of them', async () => {
  const server = http.createServer((_req, res) => res.end('handled'))
  server.maxHeadersCount = 0
  const client = await RawClient.connect(await serve(attach(server, options)))
  client.send(upload(1100))
  expect((await client.final()).status).toBe(413)
})

test('without a gate nothing is refused', async () => {
  const server = attach(
    http.createServer((req, res) => {
      let bytes = 0
      req.on('data', (part: Buffer) => {
        bytes += part.length
      })
      req.on('end', () => res.end(String(bytes)))
    }),
  )
  const client = await RawClient.connect(await serve(server))
  client.send(upload(1100))
  const answer = await client.final()
  expect([answer.status === 431 ? '100' : answer.text]).toEqual(['100'])
})
