// Applications that deserve a warning, as scripts for a process of their own: each warning is given
// once in a process, so every scenario provokes its own more than once.

export interface Scenario {
  readonly imports: string
  /** Statements in an async function; `serve`, `send` and `upload` are there. */
  readonly script: string
}

const EXPRESS = `
import http from 'node:http'
import express from 'express'
import { expectation, errorHandler } from '@expectation/express'
`

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  // First: a process that has seen an expectation looks for no proxy any more.
  EXPECTATION_WRN_PROXY_ANSWERS_CONTINUE: {
    imports: EXPRESS,
    script: `
      const port = await serve(http.createServer(express().use(expectation({ maxContentLength: 1 }))))
      const proxied = 'PUT / HTTP/1.1\\r\\nHost: a\\r\\nVia: 1.1 p\\r\\nUser-Agent: curl/8\\r\\nContent-Length: 2097152\\r\\n\\r\\n'
      for (let turn = 0; turn < 110; turn += 1) await send(port, proxied)
    `,
  },
  EXPECTATION_WRN_REFUSAL_WITHOUT_CORS: {
    imports: EXPRESS,
    script: `
      const port = await serve(http.createServer(express().use(expectation({ maxContentLength: 1 }))))
      const page = 'PUT / HTTP/1.1\\r\\nHost: a\\r\\nOrigin: https://b\\r\\nContent-Length: 2\\r\\n\\r\\n'
      for (let turn = 0; turn < 2; turn += 1) await send(port, page)
    `,
  },
  EXPECTATION_WRN_LATE_ATTACH: {
    imports: EXPRESS,
    script: `
      const app = express().use(expectation()).put('/', express.text(), (req, res) => res.end())
      await upload(await serve(http.createServer(app)))
      for (let turn = 0; turn < 2; turn += 1) {
        await upload(await serve(http.createServer((req, res) => app(req, res))))
      }
    `,
  },
  EXPECTATION_WRN_CONTENT_ALREADY_READ: {
    imports: EXPRESS,
    script: `
      const app = express().use(express.text()).use(expectation())
      const port = await serve(http.createServer(app.put('/', (req, res) => res.end())))
      for (let turn = 0; turn < 2; turn += 1) await upload(port)
    `,
  },
  EXPECTATION_WRN_BODY_LIMIT_ABOVE_GATE: {
    imports: `
      import fastify from 'fastify'
      import { expectation as fastifyGate } from '@expectation/fastify'
    `,
    script: `
      const app = fastify()
      await app.register(fastifyGate, { maxContentLength: 10 })
      app.put('/a', { bodyLimit: 11 }, async () => '')
      app.put('/b', { bodyLimit: 100 }, async () => '')
      await app.ready()
      await app.close()
    `,
  },
  EXPECTATION_WRN_EARLY_SUCCESS: {
    imports: EXPRESS,
    script: `
      const app = express().use(expectation()).put('/', (req, res) => res.status(201).end())
      const port = await serve(http.createServer(app))
      for (let turn = 0; turn < 2; turn += 1) await upload(port)
    `,
  },
  EXPECTATION_WRN_NEITHER_READ_NOR_ANSWERED: {
    imports: EXPRESS,
    script: `
      const idle = (req, res) => setTimeout(() => res.status(500).end(), 400)
      const app = express().use(expectation()).put('/', idle)
      const port = await serve(http.createServer(app))
      for (let turn = 0; turn < 2; turn += 1) await upload(port)
    `,
  },
  EXPECTATION_WRN_SLOW_CHECKS: {
    imports: EXPRESS,
    script: `
      const slow = () => new Promise((resolve) => setTimeout(resolve, 620))
      const gate = expectation({ checks: [slow], checkTimeoutMs: 60000 })
      const app = express().use(gate).put('/', express.text(), (req, res) => res.end())
      const port = await serve(http.createServer(app))
      await Promise.all(Array.from({ length: 45 }, () => upload(port)))
    `,
  },
  EXPECTATION_WRN_FOREIGN_CHECK_CONTINUE: {
    imports: EXPRESS,
    script: `
      const app = express().use(expectation()).put('/', express.text(), (req, res) => res.end())
      const server = http.createServer(app)
      server.on('checkContinue', (req, res) => { app(req, res) })
      const port = await serve(server)
      for (let turn = 0; turn < 2; turn += 1) await upload(port)
    `,
  },
}

/** One process: the scenarios one after the other, then the warnings as JSON. */
export function scriptOf(scenarios: readonly Scenario[]): string {
  const imports = new Set(scenarios.map((scenario) => scenario.imports))
  const bodies = scenarios.map(({ script }) => `await (async () => {${script}})()`)
  return `
    ${[...imports].join('\n')}
    import net from 'node:net'
    const warnings = []
    process.on('warning', ({ code, message, name }) => warnings.push({ code, message, name }))
    // Ten seconds of patience are too many for a test.
    const later = globalThis.setTimeout
    globalThis.setTimeout = (call, ms, ...given) => later(call, ms === 10000 ? 100 : ms, ...given)

    const serve = (server) => new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(server.address().port))
    })
    /** Sends a request, and content when a 100 comes; resolves with what came until a final answer. */
    const send = (port, text, content = '') => new Promise((resolve) => {
      let seen = ''
      const client = net.connect(port, '127.0.0.1', () => client.write(text))
      client.setEncoding('latin1')
      client.on('data', (part) => {
        if (part.startsWith('HTTP/1.1 100')) client.write(content)
        seen += part
        if (/^HTTP\\/1\\.1 [2-5]/m.test(seen)) client.destroy()
      })
      client.on('error', () => undefined)
      client.on('close', () => resolve(seen))
    })
    const upload = (port) => send(port, 'PUT / HTTP/1.1\\r\\nHost: a\\r\\nExpect: 100-continue\\r\\n' +
      'Content-Type: text/plain\\r\\nContent-Length: 5\\r\\n\\r\\n', 'hello')

    const run = async () => {
      ${bodies.join('\n')}
      await new Promise((resolve) => setImmediate(resolve))
      process.stdout.write(JSON.stringify(warnings) + '\\n', () => process.exit(0))
    }
    run().catch((error) => { console.error(error); process.exit(1) })
  `
}
