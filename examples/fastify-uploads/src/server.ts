// The upload service as a Fastify application: routes, and what each of them asks of an upload.

import {
  askAsClient,
  checkToken,
  createNotes,
  type Feed,
  outcomeLine,
  pageFiles,
  type Storage,
} from '@expectation/example-uploads-kit'
import { errorHandler, expectation } from '@expectation/fastify'
import Fastify, { type FastifyInstance } from 'fastify'

export interface UploadsOptions {
  readonly storage: Storage
  readonly feed: Feed
  readonly token: string
  /** Gets one line for each outcome. */
  readonly log: (line: string) => void
  /** Gets each failure of the service itself, whole; clients see nothing of it. */
  readonly logFailure: (error: unknown) => void
}

export async function createApp(options: UploadsOptions): Promise<FastifyInstance> {
  const { storage, feed, token, log, logFailure } = options
  const app = Fastify()
  const notes = createNotes()

  // Before every route: the limit for everything, and the place where outcomes are seen.
  await app.register(expectation, {
    maxContentLength: '50mb',
    onOutcome: (outcome) => {
      feed.publish(outcome)
      log(outcomeLine(outcome))
    },
  })
  // One shape for whatever is thrown, and whatever no route wants.
  await app.register(errorHandler, {
    log: (error, { status }) => {
      if (status >= 500) logFailure(error)
    },
  })

  for (const { path, headers, content } of pageFiles(token)) {
    app.get(path, (_request, reply) => reply.headers(headers).send(content))
  }
  app.get('/outcomes', (request, reply) => {
    feed.subscribe(request.raw, reply.raw)
    // The feed writes to the response for as long as it is open; Fastify must not end it.
    reply.hijack()
  })

  // For the page: what a client gets that asks before it sends, as a browser cannot.
  app.post('/ask', async (request) => askAsClient(request.raw))

  // Uploads are streamed to disk: in this scope no parser of Fastify's reads the content before.
  await app.register(async (uploads) => {
    uploads.removeAllContentTypeParsers()
    uploads.addContentTypeParser('*', (_request, _content, done) => done(null))

    // An upload is asked for its size and type, then for its token; only then is it read.
    uploads.put<{ Params: { name: string } }>(
      '/files/:name',
      {
        config: {
          expectation: {
            maxContentLength: '30mb',
            acceptedTypes: ['video/*', 'image/*', 'application/octet-stream'],
          },
        },
        onRequest: async (request) => checkToken(request.headers.authorization, token),
      },
      async (request, reply) => {
        const stored = await storage.save(request.params.name, request.raw, reply.raw)
        return reply.code(stored.replaced ? 200 : 201).send(stored)
      },
    )

    // Fails before it reads anything. The client gets 500 and none of this message.
    uploads.put('/broken', async () => {
      throw new Error('The password of the database is swordfish')
    })
  })
  app.get('/files', async () => ({ files: await storage.list() }))

  app.post('/api/notes', { bodyLimit: 100 * 1024 }, async (request, reply) => {
    return reply.code(201).send(notes.add(request.body))
  })
  app.get('/api/notes', async () => ({ notes: notes.list() }))

  await app.ready()
  return app
}
