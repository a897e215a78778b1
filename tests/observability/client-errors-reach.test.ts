// Whose errors `normalizeClientErrors` answers: on request only, from when on, and never in place of
// an application that answers by itself.

import http from 'node:http'
import type { ExpectationOptions } from '@expectation/core'
import { attach } from '@expectation/core/node'
import { expectation } from '@expectation/express'
import { expectation as fastifyGate } from '@expectation/fastify'
import express from 'express'
import fastify from 'fastify'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { refused } from '../support/refusal.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { BROKEN, bare, countedErrors } from './support/broken-requests.js'
import { PLACES, type Place, startWarm } from './support/places.js'

forbidStrayErrors()

const ON: ExpectationOptions = { normalizeClientErrors: true }

/** Fastify has a `clientError` listener of its own, whose answers are not Node's. */
const AS_NODE: readonly Place[] = PLACES.filter((place) => place !== 'fastify')

for (const place of AS_NODE) {
  for (const [shown, { bytes, node = {}, ...broken }] of Object.entries(BROKEN)) {
    test(`law 10: by default ${place} leaves ${shown} to Node, byte for byte`, async () => {
      const told = countedErrors()
      const running = await startWarm(place, { node })
      const client = await RawClient.connect(running)
      client.send(bytes)
      await client.over()
      // Newer lines of Node name 413 as RFC 9110 does.
      const phrase = http.STATUS_CODES[broken.status] ?? ''
      expect(client.seen).toBe(broken.bare.replace(/ (\d+) .*?\r/, ` $1 ${phrase}\r`))
      expect(told).toEqual([])
    })
  }
}

test("law 7: Fastify's clientErrorHandler, when an application sets it, is the one that answers", async () => {
  const told = countedErrors()
  const app = fastify({
    clientErrorHandler: (_error, socket) => {
      socket.end('HTTP/1.1 418 Mine\r\nContent-Length: 0\r\n\r\n')
    },
  })
  afterThisTest(() => app.close())
  await app.register(fastifyGate, ON)
  await app.ready()
  const client = await RawClient.connect(await serve(app.server))
  expect((await client.send('NONSENSE / HTTP/1.1\r\n\r\n').final()).status).toBe(418)
  expect(told).toEqual([])
})

test("law 10: by default Fastify's own answers stay as they are", async () => {
  const told = countedErrors()
  const running = await startWarm('fastify')
  const client = await RawClient.connect(running)
  const response = await client.send('NONSENSE / HTTP/1.1\r\n\r\n').final()
  expect(response.json()).toEqual({
    error: 'Bad Request',
    message: 'Client Error',
    statusCode: 400,
  })
  expect(told).toEqual([])
})

describe('the reach of normalizeClientErrors', () => {
  async function firstBytes(server: http.Server): Promise<RawClient> {
    const client = await RawClient.connect(await serve(server))
    return client.send('NONSENSE / HTTP/1.1\r\n\r\n')
  }

  test('with attach(server, options) it holds from the first byte on', async () => {
    const server = attach(http.createServer(), ON)
    await refused(await firstBytes(server), 400, 'bad_request')
  })

  test('a gate that is found by itself holds from the first request of its server on', async () => {
    const server = http.createServer(express().use(expectation(ON)))
    const client = await firstBytes(server)
    await client.over()
    expect(client.seen).toBe(bare('400 Bad Request'))
  })

  test('a mounted gate that asks for it is heard on a server attached by hand, too', async () => {
    const server = attach(http.createServer(express().use(expectation(ON))))
    const running = await serve(server)
    const first = await RawClient.connect(running)
    await first.send(head({ method: 'GET', target: '/none' })).final()
    const client = await RawClient.connect(running)
    await refused(client.send('NONSENSE / HTTP/1.1\r\n\r\n'), 400, 'bad_request')
  })

  test('a mounted gate that asks for it is heard on a server that hides its application', async () => {
    const app = express().use(expectation(ON))
    const running = await serve(http.createServer((request, response) => app(request, response)))
    const first = await RawClient.connect(running)
    await first.send(`${head({ length: 5 })}hello`).final()
    const client = await RawClient.connect(running)
    await refused(client.send('NONSENSE / HTTP/1.1\r\n\r\n'), 400, 'bad_request')
  })
})
