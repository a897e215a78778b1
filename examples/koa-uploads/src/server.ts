// The upload service as a Koa application: routes, and what each of them asks of an upload.

import {
  askAsClient,
  checkToken,
  createNotes,
  type Feed,
  outcomeLine,
  pageFiles,
  type Storage,
} from '@expectation/example-uploads-kit'
import { errorHandler, expectation } from '@expectation/koa'
import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import Koa from 'koa'

export interface UploadsOptions {
  readonly storage: Storage
  readonly feed: Feed
  readonly token: string
  /** Gets one line for each outcome. */
  readonly log: (line: string) => void
  /** Gets each failure of the service itself, whole; clients see nothing of it. */
  readonly logFailure: (error: unknown) => void
}

export function createApp({ storage, feed, token, log, logFailure }: UploadsOptions): Koa {
  const app = new Koa()
  const router = new Router()
  const notes = createNotes()
  // Koa's own place for errors. What was made to be shown, as refusals are, is no failure.
  app.on('error', (error) => {
    if (error.expose !== true) logFailure(error)
  })

  // First of all: whatever is thrown, and whatever no route wants, in one shape.
  app.use(errorHandler())

  // Then the limit for everything, and the place where outcomes are seen.
  app.use(
    expectation({
      maxContentLength: '50mb',
      onOutcome: (outcome) => {
        feed.publish(outcome)
        log(outcomeLine(outcome))
      },
    }),
  )

  for (const { path, headers, content } of pageFiles(token)) {
    router.get(path, (context) => {
      context.set(headers)
      context.body = content
    })
  }
  router.get('/outcomes', (context) => {
    feed.subscribe(context.req, context.res)
    // The feed writes to the response for as long as it is open; Koa must not end it.
    context.respond = false
  })

  // For the page: what a client gets that asks before it sends, as a browser cannot.
  router.post('/ask', async (context) => {
    context.body = await askAsClient(context.req)
  })

  // An upload is asked for its token, then for its size and type; only then is it read.
  router.put(
    '/files/:name',
    (context, next) => {
      checkToken(context.request.headers.authorization, token)
      return next()
    },
    expectation({
      maxContentLength: '30mb',
      acceptedTypes: ['video/*', 'image/*', 'application/octet-stream'],
    }),
    async (context) => {
      const stored = await storage.save(context.params.name ?? '', context.req, context.res)
      context.status = stored.replaced ? 200 : 201
      context.body = stored
    },
  )
  router.get('/files', async (context) => {
    context.body = { files: await storage.list() }
  })

  router.post('/api/notes', bodyParser({ jsonLimit: '100kb' }), (context) => {
    context.status = 201
    context.body = notes.add(context.request.body)
  })
  router.get('/api/notes', (context) => {
    context.body = { notes: notes.list() }
  })

  // Fails before it reads anything. The client gets 500 and none of this message.
  router.put('/broken', () => {
    throw new Error('The password of the database is swordfish')
  })

  app.use(router.routes())
  return app
}
