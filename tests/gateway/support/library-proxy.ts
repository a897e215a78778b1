// Proxy libraries as people use them, each in a process of its own with `askFirst` or `dispatcher`
// mounted before it, in front of an origin. Every one counts how often its hook ran, at `/hooks`.
import { startChild } from '../../support/child.js'

const EXPRESS = (imports: string, mount: string) => `
import express from 'express'
import { errorHandler, expectation } from '@expectation/express'
import { askFirst } from '@expectation/gateway'
${imports}
let hooks = 0
const target = 'http://127.0.0.1:' + process.env.UPSTREAM
const app = express()
app.use(expectation())
app.get('/hooks', (_request, response) => void response.json(hooks))
${mount}
app.use(errorHandler({ log: () => undefined }))
const server = app.listen(0, '127.0.0.1', () => console.log((server.address() as any).port))
`

/** The same interface in three libraries. */
const ORIGINAL = (imports: string) =>
  EXPRESS(
    imports,
    `
const proxy = createProxyServer({ target })
proxy.on('proxyReq', () => { hooks += 1 })
proxy.on('error', (_error: unknown, _request: unknown, response: any) => {
  if (!response.headersSent) response.writeHead(502).end()
})
app.use(askFirst(), (request, response) => void proxy.web(request, response))
`,
  )

const MIDDLEWARE = (name: string) =>
  EXPRESS(
    `import { createProxyMiddleware } from '${name}'`,
    `app.use(askFirst(), createProxyMiddleware({ target, on: { proxyReq: () => { hooks += 1 } } }))`,
  )

const FASTIFY = (options: string, hook: string) => `
import Fastify from 'fastify'
import proxy from '@fastify/http-proxy'
import { expectation } from '@expectation/fastify'
import { askFirst, dispatcher } from '@expectation/gateway'
let hooks = 0
const app = Fastify()
async function main() {
  await app.register(expectation, {})
  app.get('/hooks', async () => hooks)
  ${hook}
  await app.register(proxy, {
    upstream: 'http://127.0.0.1:' + process.env.UPSTREAM,
    disableRequestLogging: true,
    ${options},
    replyOptions: { rewriteRequestHeaders: (_request: unknown, headers: any) => { hooks += 1; return headers } },
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  console.log((app.server.address() as any).port)
}
void main()
`

export const LIBRARIES = {
  'http-proxy': ORIGINAL(`import { createProxyServer } from 'http-proxy'`),
  'http-proxy-3': ORIGINAL(`import { createProxyServer } from 'http-proxy-3'`),
  httpxy: ORIGINAL(`import { createProxyServer } from 'httpxy'`),
  'http-proxy-middleware 3': MIDDLEWARE('http-proxy-middleware3'),
  'http-proxy-middleware 4': MIDDLEWARE('http-proxy-middleware'),
  'express-http-proxy': EXPRESS(
    `import proxy from 'express-http-proxy'`,
    `app.use(askFirst(), proxy(target, {
      parseReqBody: false,
      proxyReqOptDecorator: (options: any) => { hooks += 1; return options },
    }))`,
  ),
  '@fastify/http-proxy, http': FASTIFY(
    'http: {}',
    'const ask = askFirst(); app.addHook("onRequest", (request, reply, done) => ask(request.raw, reply.raw, done as () => void))',
  ),
  '@fastify/http-proxy, dispatcher': FASTIFY('undici: dispatcher()', ''),
} as const

export type Library = keyof typeof LIBRARIES

export const startLibrary = (library: Library, upstream: number) =>
  startChild(LIBRARIES[library], { UPSTREAM: String(upstream) })
