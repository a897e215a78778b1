// What stands beside the gate in Fastify: inject, the log, validation, and servers that `listen` makes.
import { lookup } from 'node:dns/promises'
import { Writable } from 'node:stream'
import plugin, { expectation, Refusal } from '@expectation/fastify'
import request from 'supertest'
import { RawClient } from '../../support/raw-client.js'
import { refused } from '../../support/refusal.js'
import { asking } from '../../support/request.js'
import { runChild } from '../../support/run-child.js'
import { build, get } from './application.js'

test('the default export is the plugin too', () => expect(plugin).toBe(expectation))

test('fastify.inject is decided and answered as a real request is', async () => {
  // A process of its own: Jest cannot load one of the modules behind `inject` on Node 20.
  const ended = await runChild(`
    import fastify from 'fastify'
    import { expectation } from '@expectation/fastify'
    const run = async () => {
      const app = fastify()
      let calls = 0
      app.addContentTypeParser('*', (_request, content, done) => done(null, content))
      await app.register(expectation, { maxContentLength: 4 })
      app.put('/files/:name', async (request) => {
        calls += 1
        let bytes = 0
        for await (const part of request.raw) bytes += part.length
        return { bytes }
      })
      const put = async (payload, headers) => {
        const response = await app.inject({ method: 'PUT', url: '/files/a', payload,
          headers: { 'content-type': 'video/mp4', ...headers } })
        return [response.statusCode, response.json()]
      }
      const answers = [await put('12345'), await put('1', { expect: 'something-else' }), await put('1234')]
      await app.close()
      console.log(JSON.stringify({ answers, calls }))
    }
    run()`)
  expect(ended.report()).toEqual({
    answers: [
      [413, { error: expect.objectContaining({ reason: 'content_too_large' }) }],
      [417, { error: expect.objectContaining({ reason: 'unsupported_expectation' }) }],
      [200, { bytes: 4 }],
    ],
    calls: 1,
  })
})

interface Line {
  readonly level: number
  readonly msg: string
  readonly reqId?: string
  readonly err?: { readonly message: string }
}

test('errors are logged once, whole, through request.log: 5xx as error, 4xx as info', async () => {
  const lines: Line[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString('utf8')) as Line)
      done()
    },
  })
  const { app } = await build({}, { logger: { stream } })
  app.get('/broken', () => {
    throw new Error('db password')
  })
  app.get('/refused', () => {
    throw new Refusal(409)
  })
  const broken = await get(app, '/broken')
  expect(broken.text).not.toContain('password')
  await get(app, '/refused')
  const told = lines.filter(({ err }) => err !== undefined)
  expect(told.map(({ level, err }) => [level, err?.message])).toEqual([
    [50, 'db password'],
    [30, 'Conflict'],
  ])
  expect(told.every(({ reqId }) => reqId !== undefined)).toBe(true)
})

test('hooks of the application still run for a refusal: its fields are on it (law 7)', async () => {
  const { app } = await build({ maxContentLength: 4 })
  const seen: number[] = []
  app.addHook('onSend', async (_request, reply, payload) => {
    reply.header('x-cors', 'yes')
    return payload
  })
  app.addHook('onResponse', async (_request, reply) => void seen.push(reply.statusCode))
  await app.ready()
  const response = await request(app.server).put('/files/a').send('12345')
  expect(response.status).toBe(413)
  expect(response.headers['x-cors']).toBe('yes')
  expect(seen).toEqual([413])
})

test("listen({ host: 'localhost' }): every server that it makes is gated", async () => {
  const { app } = await build({ maxContentLength: 4 })
  await app.listen({ port: 0, host: 'localhost' })
  const addresses = app.addresses()
  const known = await lookup('localhost', { all: true })
  expect(addresses.length).toBe(new Set(known.map(({ address }) => address)).size)
  for (const address of addresses) {
    if (typeof address !== 'object') throw new Error('listens on no port')
    const client = await RawClient.connect({ port: address.port, host: address.address })
    client.send(asking())
    await refused(client, 413, 'content_too_large')
  }
})
