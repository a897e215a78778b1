// Warnings for developers: each once in a process, with its code and its place in docs/warnings.md;
// none in production, and none for an application that is built well.

import { runChild } from '../support/run-child.js'
import { SCENARIOS, type Scenario, scriptOf } from './support/warning-scenarios.js'

interface Emitted {
  readonly name: string
  readonly code?: string
  readonly message: string
}

async function warningsOf(
  scenarios: readonly Scenario[],
  env: Readonly<Record<string, string>> = { NODE_ENV: 'development' },
): Promise<readonly Emitted[]> {
  const child = await runChild(scriptOf(scenarios), { env, withinMs: 15_000 })
  if (child.code !== 0) throw new Error(child.output)
  return child.report() as readonly Emitted[]
}

for (const [code, scenario] of Object.entries(SCENARIOS)) {
  test(`${code} is emitted once, however often its cause occurs`, async () => {
    const warnings = await warningsOf([scenario])
    expect(warnings).toEqual([
      {
        code,
        name: 'Warning',
        message: expect.stringContaining(`docs/warnings.md#${code.toLowerCase()}`),
      },
    ])
  })
}

test('one process may get every warning, each once', async () => {
  const warnings = await warningsOf(Object.values(SCENARIOS))
  expect(warnings.map(({ code }) => code).sort()).toEqual(Object.keys(SCENARIOS).sort())
})

test('law 10: with NODE_ENV=production there is no warning at all', async () => {
  expect(await warningsOf(Object.values(SCENARIOS), { NODE_ENV: 'production' })).toEqual([])
})

test('K7.1 one is switched off by its code, the others stay', async () => {
  const off = 'EXPECTATION_WRN_EARLY_SUCCESS'
  const kept = 'EXPECTATION_WRN_REFUSAL_WITHOUT_CORS'
  const scenarios = [SCENARIOS[off], SCENARIOS[kept]].filter((each) => each !== undefined)
  const child = await runChild(scriptOf(scenarios), {
    env: { NODE_ENV: 'development' },
    flags: [`--disable-warning=${off}`],
  })
  // As Node prints them.
  expect(child.output).toContain(`[${kept}] Warning: `)
  expect(child.output).not.toContain(`[${off}] Warning: `)
})

test('no warning repeats what a client has sent', async () => {
  const { EXPECTATION_WRN_EARLY_SUCCESS: early } = SCENARIOS
  if (early === undefined) throw new Error('unreachable')
  const script = early.script.replace('await upload(port)', SECRETIVE)
  const [warning] = await warningsOf([{ ...early, script }])
  expect(warning?.message).toMatch(/201/)
  expect(warning?.message).not.toMatch(/s3cret/)
})

const SECRETIVE = `await send(port,
  'PUT /?token=s3cret HTTP/1.1\\r\\nHost: a\\r\\nAuthorization: s3cret\\r\\nContent-Length: 99999\\r\\n\\r\\n')`

/** Many polite and impolite requests, through every gate and refusal. */
const TRAFFIC = `
  const put = (fields) => 'PUT / HTTP/1.1\\r\\nHost: a\\r\\n' + fields + '\\r\\n\\r\\n'
  const text = 'Content-Type: text/plain\\r\\n'
  for (let turn = 0; turn < 30; turn += 1) {
    await upload(port)
    await send(port, put(text + 'Content-Length: 5') + 'hello')
    await send(port, put(text + 'Transfer-Encoding: chunked') + '5\\r\\nhello\\r\\n0\\r\\n\\r\\n')
    await send(port, put(text + 'Expect: 100-continue\\r\\nContent-Length: 5') + 'hello')
    await send(port, put(text + 'Content-Length: 99999'))
    await send(port, put('Expect: other\\r\\nContent-Length: 5'))
    await send(port, put('Expect: 100-continue\\r\\nContent-Type: a/b\\r\\nContent-Length: 5'))
    await send(port, put('X-Forwarded-For: 10.0.0.1\\r\\n' + text + 'Content-Length: 9999999'))
    await send(port, 'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n')
    await send(port, 'GET /none HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n')
    await send(port, put(text + 'Expect: 100-continue\\r\\nX-Refuse: 1\\r\\nContent-Length: 5'))
  }
`
const OPTIONS = `{
  maxContentLength: '1kb', acceptedTypes: ['text/plain'], log: () => undefined,
  checks: [async (head) => head.headers['x-refuse'] ? new Refusal(403) : undefined],
}`

const WELL_BUILT: Readonly<Record<string, Scenario>> = {
  Express: {
    imports: `
      import http from 'node:http'
      import express from 'express'
      import { expectation, errorHandler, Refusal } from '@expectation/express'`,
    script: `
      const { log, ...options } = ${OPTIONS}
      const app = express().use(expectation(options)).use(express.text())
      app.put('/', (req, res) => res.status(201).send(req.body))
      app.get('/', (req, res) => res.send('hello'))
      app.use(errorHandler({ log }))
      const port = await serve(http.createServer(app))
      ${TRAFFIC}`,
  },
  Koa: {
    imports: `
      import http from 'node:http'
      import Koa from 'koa'
      import { expectation, errorHandler, Refusal } from '@expectation/koa'`,
    script: `
      const { log, ...options } = ${OPTIONS}
      const app = new Koa().use(errorHandler({ log })).use(expectation(options))
      app.use(async (ctx) => {
        if (ctx.path !== '/') return
        let length = 0
        for await (const part of ctx.req) length += part.length
        ctx.body = String(length)
      })
      const port = await serve(http.createServer(app.callback()))
      ${TRAFFIC}`,
  },
  Fastify: {
    imports: `
      import fastify from 'fastify'
      import { expectation, Refusal } from '@expectation/fastify'`,
    script: `
      const app = fastify()
      await app.register(expectation, ${OPTIONS})
      app.put('/', { bodyLimit: 1024 }, async (request, reply) => reply.code(201).send(request.body))
      app.get('/', async () => 'hello')
      await app.listen({ port: 0, host: '127.0.0.1' })
      const { port } = app.server.address()
      ${TRAFFIC}`,
  },
}

for (const [name, scenario] of Object.entries(WELL_BUILT)) {
  test(`a well-built application of ${name} gets no warning, from us or from Node`, async () => {
    expect(await warningsOf([scenario])).toEqual([])
  })
}

test('uploads through a proxy that lets expectations through earn no warning', async () => {
  const { EXPECTATION_WRN_PROXY_ANSWERS_CONTINUE: proxy } = SCENARIOS
  if (proxy === undefined) throw new Error('unreachable')
  const once = 'await send(port, proxied.replace("Via", "Expect: 100-continue\\r\\nVia"))'
  const script = proxy.script.replace('for (let', `${once}; for (let`)
  expect(await warningsOf([{ ...proxy, script }])).toEqual([])
})
