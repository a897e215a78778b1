import http from 'node:http'
import { errorHandler, expectation } from '@expectation/express'
import express from 'express'
import { countContent, GREETING, POLICY, REFUSAL_BODY, tooLarge } from './application.mjs'
import { stay } from './staying.mjs'

const SMALL_LIMIT = '1mb'

function application(...first) {
  const app = express()
  // Silences Express's own error log: of clients that leave at the end of a round.
  app.set('env', 'test')
  for (const middleware of first) app.use(middleware)
  app.get('/', (_request, response) => response.json(GREETING))
  app.post('/json', express.json(), (request, response) => {
    response.json({ length: request.body.note.length })
  })
  app.post('/upload', (request, response) => {
    countContent(request, (bytes) => response.json({ bytes }))
  })
  return app
}

function refuseTooLarge(request, response, next) {
  if (!tooLarge(request)) return next()
  response.set({ Connection: 'close', 'Cache-Control': 'no-store' }).status(413).json(REFUSAL_BODY)
}

export function bare() {
  return http.createServer(application(refuseTooLarge))
}

/** The same, with refusals that arrive. */
export function staying() {
  return http.createServer(
    application((request, response, next) => {
      if (tooLarge(request)) stay(request.socket)
      refuseTooLarge(request, response, next)
    }),
  )
}

export function gated(policy = POLICY) {
  const app = application(expectation(policy))
  app.use(errorHandler({ log: () => {} }))
  return http.createServer(app)
}

/** Refuses what `plain` refuses. */
export function limited() {
  return gated({ ...POLICY, maxContentLength: SMALL_LIMIT })
}

/** An upload route as most are written; body-parser refuses when all of it has been read. */
export function plain() {
  const app = express()
  // Silences Express's own error log.
  app.set('env', 'test')
  app.post(
    '/upload',
    express.raw({ type: () => true, limit: SMALL_LIMIT }),
    (request, response) => {
      response.json({ bytes: request.body.length })
    },
  )
  return http.createServer(app)
}
