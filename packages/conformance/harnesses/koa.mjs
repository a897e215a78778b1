// Koa as its documentation shows it: one middleware after the other, errors by ctx.throw.
import http from 'node:http'
import Koa from 'koa'
import { koaRoutes } from './koa-routes.mjs'
import { count, listen } from './support.mjs'

const app = new Koa()
app.silent = true
app.use((ctx, next) => {
  count(ctx.get('conformance-id'))
  return next()
})
app.use(koaRoutes())
listen(http.createServer(app.callback()))
