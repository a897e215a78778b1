// Several servers, and several copies of the library, in one process keep out of each other's way.
import http from 'node:http'
import https from 'node:https'
import { attach, detach } from '@expectation/core/node'
import { errorHandler, expectation, Refusal } from '@expectation/express'
import * as forFastify from '@expectation/fastify'
import * as forKoa from '@expectation/koa'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import { blindUpload } from '../support/blind-upload.js'
import { certificate } from '../support/certificate.js'
import { keepConsoleErrors } from '../support/console.js'
import { MIB } from '../support/content.js'
import { delivered } from '../support/delivered.js'
import { reachConnections } from '../support/open-connections.js'
import { outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, refused } from '../support/refusal.js'
import { head } from '../support/request.js'
import { serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { uploads } from '../support/uploads.js'

keepConsoleErrors()
forbidStrayErrors()

const content = Buffer.alloc(4 * MIB)
const upload = { head: head({ length: content.length }), content }
const HOUR = 3_600_000
const linger = { idleMs: HOUR, totalMs: HOUR } as const

test('each server keeps its own policy: Express, bare, TLS and plain Node side by side', async () => {
  const framework = await serve(uploads({ maxContentLength: 10 }).app)
  const bare = await serve(
    attach(
      http.createServer((_req, res) => res.end('never')),
      {
        maxContentLength: 20,
        format: 'flat',
      },
    ),
  )
  const secure = await serve(
    https.createServer(certificate, uploads({ maxContentLength: 30, format: 'problem' }).app),
  )
  const [first, second, third] = await Promise.all([
    blindUpload(framework, upload),
    blindUpload(bare, upload),
    blindUpload({ ...secure, secure: true }, upload),
  ])
  expect(delivered(first, 413).json()).toMatchObject({ error: { details: { limit: 10 } } })
  expect(delivered(second, 413).json()).toMatchObject({ error: 'content_too_large' })
  expect(delivered(third, 413).json()).toMatchObject({ status: 413 })
})

test('Express, Koa and Fastify in one process: each refuses by its own gate', async () => {
  const koa = new Koa().use(forKoa.errorHandler()).use(forKoa.expectation({ maxContentLength: 20 }))
  const fast = fastify()
  await fast.register(forFastify.expectation, { maxContentLength: 30 })
  fast.addContentTypeParser('*', (_request, _content, done) => done(null))
  fast.put('/files/:name', () => 'never')
  await fast.ready()
  const running = [
    { limit: 10, at: await serve(uploads({ maxContentLength: 10 }).app) },
    { limit: 20, at: await serve(http.createServer(koa.callback())) },
    { limit: 30, at: await serve(fast.server) },
  ]
  const seen = await Promise.all(running.map(({ at }) => blindUpload(at, upload)))
  for (const [index, { limit }] of running.entries()) {
    const one = seen[index]
    if (one === undefined) throw new Error('unreachable')
    const body = checkBody(delivered(one, 413), 413, 'content_too_large')
    expect(body.error.details).toMatchObject({ limit })
  }
})

test('one server that closes does not hurry the lingers of another', async () => {
  const told = [outcomes(), outcomes()] as const
  const servers = await Promise.all(
    told.map(({ onOutcome }) => serve(uploads({ maxContentLength: 4, linger, onOutcome }).app)),
  )
  const [one, other] = servers
  if (one === undefined || other === undefined) throw new Error('unreachable')
  for (const at of servers) {
    const client = await RawClient.connect(at)
    client.send(head({ length: 1_000_000 }))
    await refused(client, 413, 'content_too_large')
  }
  const closed = new Promise((resolve) => one.server.close(resolve))
  await within('the first server to close', closed, 5000)
  expect(await told[0].first()).toMatchObject({ lingerEnd: 'shutdown' })
  await reachConnections(other.server, 1)
  expect(told[1].all).toEqual([])
})

test('detach leaves a server as Node made it, and open lingers still end', async () => {
  const told = outcomes()
  const server = http.createServer((_req, res) => res.end('plain'))
  const names = server.eventNames().map((name) => [name, server.listenerCount(name)])
  attach(server, { maxContentLength: 4, linger: { idleMs: 40 }, onOutcome: told.onOutcome })
  const at = await serve(server)
  const client = await RawClient.connect(at)
  client.send(head({ length: 1_000_000 }))
  await refused(client, 413, 'content_too_large')
  detach(server)
  expect(Object.hasOwn(server, 'emit')).toBe(false)
  const left = server.eventNames().filter((name) => server.listenerCount(name) > 0)
  expect(left.map((name) => [name, server.listenerCount(name)])).toEqual(
    expect.arrayContaining(names),
  )
  expect(server.listenerCount('checkContinue')).toBe(0)
  expect(server.listenerCount('checkExpectation')).toBe(0)
  expect(await told.first()).toMatchObject({ lingerEnd: 'idle' })
  expect(Object.hasOwn(server, 'closeIdleConnections')).toBe(false)
  const after = await RawClient.connect(at)
  after.send(head({ length: 5 }))
  expect((await after.final()).text).toBe('plain')
})

describe('two copies of the library', () => {
  type Express = typeof import('@expectation/express')

  function secondCopy(): Express {
    let copy: Express | undefined
    jest.isolateModules(() => {
      copy = jest.requireActual<Express>('@expectation/express')
    })
    if (copy === undefined) throw new Error('unreachable')
    return copy
  }

  test('are two', () => {
    expect(secondCopy().Refusal).not.toBe(Refusal)
  })

  test('in one application: both gates hold, and one answer arrives', async () => {
    const second = secondCopy()
    const app = express()
      .use(expectation({ maxContentLength: '1gb' }))
      .use(second.expectation({ maxContentLength: 1000 }))
      .use(errorHandler())
    const body = delivered(await blindUpload(await serve(app), upload), 413)
    checkBody(body, 413, 'content_too_large')
  })

  test('a refusal of one is understood by the error handler of the other', async () => {
    const second = secondCopy()
    const app = express().use(second.expectation())
    app.put('/files/:name', () => {
      throw new Refusal(429, { reason: 'quota_exhausted' })
    })
    app.use(second.errorHandler())
    checkBody(delivered(await blindUpload(await serve(app), upload), 429), 429, 'quota_exhausted')
  })

  test('each on a server of its own', async () => {
    const second = secondCopy()
    const theirs = express()
      .use(second.expectation({ maxContentLength: 10 }))
      .use(second.errorHandler())
    const ours = uploads({ maxContentLength: 20 }).app
    for (const [app, limit] of [
      [theirs, 10],
      [ours, 20],
    ] as const) {
      const seen = await blindUpload(await serve(app), upload)
      expect(delivered(seen, 413).json()).toMatchObject({ error: { details: { limit } } })
    }
  })
})
