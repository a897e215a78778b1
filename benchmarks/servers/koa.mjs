import http from 'node:http'
import http2 from 'node:http2'
import { attach } from '@expectation/core/node'
import { errorHandler, expectation } from '@expectation/koa'
import Koa from 'koa'
import { countContent, GREETING, POLICY, REFUSAL_BODY, readText, tooLarge } from './application.mjs'
import { stay } from './staying.mjs'

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
  if (context.req.httpVersionMajor === 1) context.set('Connection', 'close')
  context.set('Cache-Control', 'no-store')
  context.status = 413
  context.body = REFUSAL_BODY
}

function application(...first) {
  const app = new Koa()
  app.silent = true
  for (const middleware of first) app.use(middleware)
  app.use(routes)
  return app.callback()
}

function bareApplication() {
  return application(refuseTooLarge)
}

function gatedApplication() {
  return application(errorHandler({ log: () => {} }), expectation(POLICY))
}

export function bare() {
  return http.createServer(bareApplication())
}

/** The same, with refusals that arrive. */
export function staying() {
  return http.createServer(
    application((context, next) => {
      if (tooLarge(context.req)) stay(context.req.socket)
      return refuseTooLarge(context, next)
    }),
  )
}

export function gated() {
  return http.createServer(gatedApplication())
}

export function bareStreams() {
  return http2.createServer(bareApplication())
}

export function gatedStreams() {
  return attach(http2.createServer(gatedApplication()))
}
