// bodyLimit, of the instance and of a route, is honoured before any 100 and answered in the normalized
// shape. Fastify parses JSON before the handler, so its own limit would come after the 100.
import { refused, stillUsable } from '../../support/refusal.js'
import { asking, head } from '../../support/request.js'
import { build, connect, open } from './application.js'

const json = { method: 'POST', target: '/json', type: 'application/json' } as const

for (const line of ['100-continue', []]) {
  const asked = line.length === 0 ? 'without Expect' : 'with Expect'

  test(`R16 MUST (RFC 9110 10.1.1): bodyLimit of the instance, ${asked}: 413, no 100`, async () => {
    const { app, calls } = await build({}, { bodyLimit: 10 })
    const client = await open(app)
    client.send(head({ ...json, expect: line, length: 100_000_000 }))
    await refused(client, 413, 'content_too_large')
    expect(calls()).toBe(0)
  })

  test(`R16 MUST (RFC 9110 10.1.1): bodyLimit of a route, ${asked}: 413, no 100`, async () => {
    const { app } = await build()
    app.post('/small', { bodyLimit: 10 }, (request) => ({ parsed: request.body }))
    const client = await open(app)
    client.send(head({ ...json, target: '/small', expect: line, length: 100_000 }))
    await refused(client, 413, 'content_too_large')
  })

  test(`law 2: content of undeclared length over bodyLimit, ${asked}: 413 while it is read`, async () => {
    const { app } = await build({}, { bodyLimit: 10 })
    const client = await open(app)
    client.send(head({ ...json, expect: line, chunked: true }))
    if (line.length > 0) await client.continue()
    client.send('14\r\n"345678901234567890"\r\n')
    await refused(client, 413, 'content_too_large')
  })
}

test('law 2: JSON within the limit is asked for when Fastify parses it, and the connection is kept', async () => {
  const { app } = await build()
  const client = await open(app)
  client.send(asking({ ...json, length: 7 }))
  await client.continue()
  client.send('{"a":1}')
  expect((await client.final()).json()).toEqual({ parsed: { a: 1 } })
  expect((await stillUsable(client, '/hello')).text).toBe('hello')
})

test('packages/fastify/README.md: a route that allows more than the instance gets more', async () => {
  const { app } = await build({}, { bodyLimit: 4 })
  app.post('/large', { bodyLimit: 100 }, (request) => ({ parsed: request.body }))
  const client = await open(app)
  client.send(asking({ ...json, target: '/large', length: 7 }))
  await client.continue()
  client.send('{"a":1}')
  expect((await client.final()).json()).toEqual({ parsed: { a: 1 } })
})

test("packages/fastify/README.md: a route's config.expectation overrides the plugin's options", async () => {
  const { app } = await build({ maxContentLength: 10, acceptedTypes: ['text/plain'] })
  const config = { expectation: { maxContentLength: 100 } }
  app.put('/wide/:name', { config }, async () => 'stored')
  const client = await open(app)
  client.send(asking({ target: '/wide/a', length: 50, type: 'text/plain' }))
  await client.continue()
  client.send('x'.repeat(50))
  expect((await client.final()).text).toBe('stored')
  const second = await connect(app)
  second.send(asking({ target: '/wide/a', length: 101, type: 'text/plain' }))
  await refused(second, 413, 'content_too_large')
  const third = await connect(app)
  third.send(asking({ target: '/wide/a', length: 5, type: 'video/mp4' }))
  await refused(third, 415, 'unsupported_media_type')
  const fourth = await connect(app)
  fourth.send(asking({ length: 50, type: 'text/plain' }))
  await refused(fourth, 413, 'content_too_large')
})

test('packages/fastify/README.md: wrong options throw at register, and where a route is written', async () => {
  await expect(build({ maxContentLength: -1 })).rejects.toMatchObject({
    code: 'ERR_EXPECTATION_INVALID_OPTION',
  })
  await expect(build({ maxContentLenght: 1 } as object)).rejects.toMatchObject({
    code: 'ERR_EXPECTATION_UNKNOWN_OPTION',
  })
  const { app } = await build()
  const config = { expectation: { checkTimeoutMs: 'soon' as unknown as number } }
  expect(() => app.put('/wrong', { config }, async () => 'never')).toThrow(
    expect.objectContaining({ code: 'ERR_EXPECTATION_INVALID_OPTION' }),
  )
})
