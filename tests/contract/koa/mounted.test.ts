// Koa's own ways of mounting: the first request of the process is decided before any 100.
import { startChild } from '../../support/child.js'
import { RawClient } from '../../support/raw-client.js'
import { refused, stillUsable } from '../../support/refusal.js'
import { asking, head } from '../../support/request.js'

const start = `
import http from 'node:http'
import Koa from 'koa'
import Router from '@koa/router'
import mount from 'koa-mount'
import { expectation, errorHandler } from '@expectation/koa'
const app = new Koa()
const gate = expectation({ maxContentLength: 10 })
const hello = (ctx, next) => { if (ctx.path !== '/hello') return next(); ctx.body = 'hello' }
const save = async (ctx) => {
  for await (const part of ctx.req);
  ctx.body = 'stored'
}
const ready = function () { console.log(String(this.address().port)) }
const later = (ctx, next) => new Promise((resolve) => setTimeout(resolve, 20)).then(next)
const listen = () => app.listen(0, '127.0.0.1', ready)
`

const mounts: Readonly<Record<string, string>> = {
  'app.use and app.listen': 'app.use(hello).use(gate).use(save); listen()',
  'app.use and http.createServer(app.callback())':
    "app.use(hello).use(gate).use(save); http.createServer(app.callback()).listen(0, '127.0.0.1', ready)",
  'a gate in a mounted sub-application':
    "app.use(hello).use(mount('/files', new Koa().use(gate).use(save))); listen()",
  'a gate that is itself the target of koa-mount':
    "app.use(hello).use(mount('/files', gate)).use(mount('/files', save)); listen()",
  'a gate on a route of @koa/router': `
    const router = new Router()
    router.put('/files/:name', later, gate, save)
    app.use(hello).use(router.routes()); listen()`,
  'a gate of router.use': `
    const router = new Router({ prefix: '/files' })
    router.use(gate)
    router.put('/:name', save)
    app.use(hello).use(later).use(router.routes()); listen()`,
}

const firsts = {
  'too large': { request: asking({ length: 100 }), status: 413, reason: 'content_too_large' },
  malformed: {
    request: head({ expect: 'y 100-continue', length: 5 }),
    status: 417,
    reason: 'malformed_expectation',
  },
} as const

for (const [mount, script] of Object.entries(mounts)) {
  for (const [shown, { request, status, reason }] of Object.entries(firsts)) {
    test(`R16 MUST (RFC 9110 10.1.1): Koa, ${mount}: the first request, ${shown}, is ${status}`, async () => {
      const running = await startChild(start + script)
      const client = await RawClient.connect(running)
      client.send(request)
      await refused(client, status, reason)
    })
  }

  test(`law 2: Koa, ${mount}: the first request that passes gets one 100 when it is read`, async () => {
    const client = await RawClient.connect(await startChild(start + script))
    client.send(asking())
    await client.continue()
    client.send('12345')
    expect((await client.final()).text).toBe('stored')
    expect((await stillUsable(client, '/hello')).text).toBe('hello')
  })
}
