// Options that would be taken, and never hold, throw where they are written; so does a function that is mounted
// where its result belongs.

import http from 'node:http'
import { admission } from '@expectation/admission'
import { OptionError } from '@expectation/core'
import { type AttachOptions, attach } from '@expectation/core/node'
import * as express from '@expectation/express'
import * as fastifyPlugins from '@expectation/fastify'
import * as koa from '@expectation/koa'
import { toS3 } from '@expectation/storage'
import createExpress from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import { bare } from '../support/server.js'

const ofAttach = (options: object) => () => attach(http.createServer(), options as AttachOptions)

test.each<[string, object, string]>([
  ['a star is no wildcard in a name', { acceptedTypes: ['video/**'] }, 'acceptedTypes[0]'],
  ['nor before one', { acceptedTypes: ['vid*/mp4'] }, 'acceptedTypes[0]'],
  ['a hole is a type that is missing', { acceptedTypes: new Array(1) }, 'acceptedTypes[0]'],
  ['a hole is a check that is missing', { checks: new Array(1) }, 'checks[0]'],
  ['a hole is a coding that is missing', { acceptedCodings: new Array(1) }, 'acceptedCodings[0]'],
  ['any coding is no coding', { acceptedCodings: ['*'] }, 'acceptedCodings[0]'],
  [
    'an entry of policies is named',
    { policies: [{}, { maxContentLength: 'x' }] },
    'policies[1].maxContentLength',
  ],
  ['and its lingers', { policies: [{ linger: { idleMs: -1 } }] }, 'policies[0].linger.idleMs'],
  ['what is wrong with the server is not', { maxContentLength: 'x' }, 'maxContentLength'],
  [
    'what holds for the server is not of an entry',
    { policies: [{ path: '/x', normalizeClientErrors: true }] },
    'policies[0].normalizeClientErrors',
  ],
])('%s: %j', (_, options, option) => {
  expect(ofAttach(options)).toThrow(OptionError)
  expect(ofAttach(options)).toThrow(
    expect.objectContaining({ code: 'ERR_EXPECTATION_INVALID_OPTION', option }),
  )
})

test.each(['video/*', '*/*', 'json', '+json', 'application/vnd.a+json', '*/*+json'])(
  'the type %s is taken',
  (type) => {
    expect(ofAttach({ acceptedTypes: [type] })).not.toThrow()
  },
)

const NOT_CALLED = {
  option: 'options',
  message: expect.stringContaining('Call the function and mount what it gives'),
}

test.each([
  ['expectation', express.expectation],
  ['errorHandler', express.errorHandler],
])('Express: %s that is not called', async (_, mounted) => {
  expect(await thrownInExpress(mounted)).toMatchObject(NOT_CALLED)
})

test.each([
  ['expectation', koa.expectation],
  ['errorHandler', koa.errorHandler],
])('Koa: %s that is not called', async (_, mounted) => {
  let thrown: unknown
  const app = new Koa()
  app.use(mounted as never)
  app.on('error', (error: unknown) => {
    thrown = error
  })
  await answeredBy(app.callback())
  expect(thrown).toMatchObject(NOT_CALLED)
})

const PLUGINS = [
  ['expectation', fastifyPlugins.expectation],
  ['errorHandler', fastifyPlugins.errorHandler],
] as const

test.each(PLUGINS)('Fastify: %s that is called', async (name, plugin) => {
  const app = fastify()
  const called = Reflect.apply(plugin, undefined, [])
  await expect(app.register(called as never)).rejects.toMatchObject({
    option: 'fastify',
    message: expect.stringContaining(`app.register(${name}, { … })`),
  })
})

test.each(PLUGINS)('Fastify: %s with 5 as options', async (_, plugin) => {
  const app = fastify()
  await expect(app.register(plugin, 5 as never)).rejects.toMatchObject({
    option: 'options',
    received: 5,
  })
})

const UPLOAD = { method: 'PUT', body: 'x', headers: { Connection: 'close' } }

test.each<[string, () => unknown]>([
  ['expectation', koa.expectation],
  ['errorHandler', koa.errorHandler],
])('Express: %s of Koa says where it belongs', async (_, make) => {
  expect(await thrownInExpress(make(), UPLOAD)).toMatchObject({
    option: 'context',
    message: expect.stringContaining('in Koa'),
  })
})

test('Koa: expectation of Express says where it belongs', async () => {
  let thrown: unknown
  const app = new Koa()
  app.use(express.expectation() as never)
  app.on('error', (error: unknown) => {
    thrown = error
  })
  for (const upload of [{}, UPLOAD]) {
    await answeredBy(app.callback(), upload)
    expect(thrown).toMatchObject({ option: 'next', message: expect.stringContaining('in Express') })
  }
})

test('Fastify: expectation of Express as a hook says where it belongs', async () => {
  const app = fastify()
  app.addHook('onRequest', express.expectation({ maxContentLength: 1 }) as never)
  app.post('/', () => 'taken')
  const response = await fetch(await app.listen(), {
    ...UPLOAD,
    method: 'POST',
  })
  expect(await response.text()).toContain('request cannot be a')
  await app.close()
})

// Fastify does not catch what a plugin throws at once.
test.each([express.expectation, koa.expectation, express.errorHandler, koa.errorHandler])(
  'Fastify: middleware in the place of a plugin names the package',
  (mounted) => {
    expect(() => mounted(fastify() as never)).toThrow(/@expectation\/fastify/)
  },
)

test.each(PLUGINS)('Express: the plugin %s says where it belongs', async (name, plugin) => {
  expect(await thrownInExpress(plugin)).toMatchObject({
    option: 'fastify',
    message: expect.stringContaining(name),
  })
})

test('Fastify: options of a route that stand beside its config', async () => {
  const app = fastify()
  await app.register(fastifyPlugins.expectation)
  const beside: object = { expectation: { maxContentLength: 1 } }
  expect(() => app.put('/files', beside, () => 'taken')).toThrow(/config: \{ expectation: /)
})

test('a maker of checks that is not called', async () => {
  expect(
    await thrownInExpress(express.expectation({ checks: [admission as never] }), UPLOAD),
  ).toMatchObject({ message: expect.stringContaining('Call the function') })
})

test('options that cannot be left out are not said to', () => {
  expect(() => Reflect.apply(toS3, undefined, [])).toThrow(/Give an object of options\.$/)
})

/** What a request makes of something mounted in Express, as its error handlers get it. */
async function thrownInExpress(mounted: unknown, asked?: RequestInit): Promise<unknown> {
  let thrown: unknown
  const app = createExpress()
  app.use(mounted as never)
  app.use((error: unknown, _: unknown, response: createExpress.Response, __: unknown) => {
    thrown = error
    response.end()
  })
  await answeredBy(app, asked)
  return thrown
}

async function answeredBy(listener: http.RequestListener, asked: RequestInit = {}): Promise<void> {
  await (await fetch((await bare(listener)).url, asked)).text()
}
