// Koa with the gate of @expectation/koa.
import http from 'node:http'
import { errorHandler, expectation } from '@expectation/koa'
import Koa from 'koa'
import { koaRoutes, reads } from './koa-routes.mjs'
import { count, LIMIT, listen, refusal, SLOW_MS, wait } from './support.mjs'

const behind = (options) => {
  const gate = expectation(options)
  return (ctx) => gate(ctx, () => reads(ctx))
}

const app = new Koa()
app.silent = true
app.use((ctx, next) => {
  count(ctx.get('conformance-id'))
  return next()
})
app.use(errorHandler({ log: () => undefined }))
app.use(expectation())
app.use(
  koaRoutes({
    'POST /limit': behind({ maxContentLength: LIMIT }),
    'POST /slow': behind({ checks: [() => wait(SLOW_MS)] }),
    'POST /slow-refuses': behind({
      checks: [
        () =>
          wait(SLOW_MS).then(() => {
            throw refusal(403)
          }),
      ],
    }),
    'POST /typed': behind({ acceptedTypes: ['video/*'] }),
    'POST /coded': behind({ acceptedCodings: ['gzip'] }),
    'POST /length-required': behind({ requireContentLength: true }),
  }),
)
listen(http.createServer(app.callback()))
