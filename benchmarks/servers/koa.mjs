import http from 'node:http'
import { errorHandler, expectation } from '@expectation/koa'
import Koa from 'koa'
import { countContent, GREETING, POLICY, REFUSAL_BODY, readText, tooLarge } from './application.mjs'

async function routes(context) {
  if (context.path === '/') context.body = GREETING
  else if (context.path === '/json') {
    const text = await new Promise((resolve) => readText(context.req, resolve))
    context.body = { length: JSON.parse(text).note.length }
  } else if (context.path === '/upload') {
    context.body = { bytes: await new Promise((resolve) => countContent(context.req, resolve)) }
  }
}

async function refuseTooLarge(context, next) {
  if (!tooLarge(context.req)) return next()
  context.set({ Connection: 'close', 'Cache-Control': 'no-store' })
  context.status = 413
  context.body = REFUSAL_BODY
}

function application(...first) {
  const app = new Koa()
  app.silent = true
  for (const middleware of first) app.use(middleware)
  app.use(routes)
  return http.createServer(app.callback())
}

export function bare() {
  return application(refuseTooLarge)
}

export function gated() {
  return application(errorHandler({ log: () => {} }), expectation(POLICY))
}
