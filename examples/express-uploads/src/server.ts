// The upload service as an Express application: routes, and what each of them asks of an upload.

import {
  askAsClient,
  checkToken,
  createNotes,
  type Feed,
  outcomeLine,
  pageFiles,
  type Storage,
} from '@expectation/example-uploads-kit'
import { errorHandler, expectation } from '@expectation/express'
import express, { type Express } from 'express'

export interface UploadsOptions {
  readonly storage: Storage
  readonly feed: Feed
  readonly token: string
  /** Gets one line for each outcome. */
  readonly log: (line: string) => void
  /** Gets each failure of the service itself, whole; clients see nothing of it. */
  readonly logFailure: (error: unknown) => void
}

export function createApp({ storage, feed, token, log, logFailure }: UploadsOptions): Express {
  const app = express()
  const notes = createNotes()
  app.disable('x-powered-by')

  // Before what reads content: the limit for everything, and the place where outcomes are seen.
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
    app.get(path, (_request, response) => {
      response.set(headers).send(content)
    })
  }
  app.get('/outcomes', (request, response) => feed.subscribe(request, response))
  // For the page: what a client gets that asks before it sends, as a browser cannot.
  app.post('/ask', async (request, response) => {
    response.json(await askAsClient(request))
  })

  // An upload is asked for its token, then for its size and type; only then is it read.
  app.put(
    '/files/:name',
    (request, _response, next) => {
      checkToken(request.headers.authorization, token)
      next()
    },
    expectation({
      maxContentLength: '30mb',
      acceptedTypes: ['video/*', 'image/*', 'application/octet-stream'],
    }),
    async (request, response) => {
      const stored = await storage.save(request.params.name, request, response)
      response.status(stored.replaced ? 200 : 201).json(stored)
    },
  )
  app.get('/files', async (_request, response) => {
    response.json({ files: await storage.list() })
  })

  app.post('/api/notes', express.json({ limit: '100kb' }), (request, response) => {
    response.status(201).json(notes.add(request.body))
  })
  app.get('/api/notes', (_request, response) => {
    response.json({ notes: notes.list() })
  })

  // Fails before it reads anything. The client gets 500 and none of this message.
  app.put('/broken', () => {
    throw new Error('The password of the database is swordfish')
  })

  // Last of all: whatever was thrown, and whatever no route wanted, in one shape.
  app.use(
    errorHandler({
      log: (error, { status }) => {
        if (status >= 500) logFailure(error)
      },
    }),
  )
  return app
}
