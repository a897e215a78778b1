import { attach } from '@expectation/core/node'
import { errorHandler, expectation } from '@expectation/koa'
import Router from '@koa/router'
import Koa, { type Middleware } from 'koa'
import mount from 'koa-mount'
import type { Action, Application } from './suite/adapter.js'
import { describeContract } from './suite/describe-contract.js'
import { serverFor } from './suite/servers.js'
import { isHttp2 } from './suite/stage.js'

describeContract({
  name: 'Koa',
  proves: '@expectation/koa',
  transports: ['http', 'https', 'https-beside-http2', 'http2', 'http2-cleartext'],
  differences: {
    'attached by itself':
      'HTTP/2 servers tell nobody when a request starts, so attach(server) is called for them',
  },
  serve: (application, transport) => {
    const server = serverFor(transport, build(application).callback())
    return isHttp2(transport) ? attach(server) : server
  },
})

function build(application: Application): Koa {
  const { gate, narrow, nested, before, behind, save, errors } = application
  const app = new Koa()
  if (errors !== false) app.use(errorHandler(errors))
  if (before !== undefined) app.use(run(before, 'or go on'))
  if (gate !== undefined) app.use(expectation(gate))
  if (behind !== undefined) app.use(run(behind, 'or go on'))
  const router = new Router()
  router.get('/hello', (context) => {
    context.body = 'hello'
  })
  router.put('/files/:name', run(save))
  if (narrow !== undefined) router.put('/narrow/:name', expectation(narrow), run(save))
  app.use(router.routes())
  if (nested !== undefined) {
    app.use(mount('/nested', new Koa().use(expectation(nested)).use(run(save))))
  }
  return app
}

function run(action: Action, otherwise?: 'or go on'): Middleware {
  return async (context, next) => {
    const reply = await action({ content: context.req, response: context.res })
    if (reply === undefined) {
      if (otherwise === 'or go on') await next()
      else context.respond = false
      return
    }
    context.status = reply.status ?? 200
    context.set({ ...reply.fields })
    context.body = reply.body ?? ''
    if (context.status === 304) context.body = null
  }
}
