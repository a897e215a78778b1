// Law 3 for every early final response, whoever wrote it: the client that never looks up before all
// of its content is written still reads it whole, sees FIN, and is never reset.
// RFC 9112 section 9.6 (R26 to R28), RFC 9110 section 10.1.1 (R15).
import https from 'node:https'
import { errorHandler, expectation, Refusal } from '@expectation/express'
import express, { type Express } from 'express'
import multer from 'multer'
import { blindUpload } from '../support/blind-upload.js'
import { certificate } from '../support/certificate.js'
import { keepConsoleErrors } from '../support/console.js'
import { asForm, FORM_TYPE, inChunks, MIB } from '../support/content.js'
import { delivered } from '../support/delivered.js'
import { checkBody } from '../support/refusal.js'
import { head } from '../support/request.js'
import { type Running, serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

keepConsoleErrors()
forbidStrayErrors()

const content = Buffer.alloc(8 * MIB, 'x')
const form = asForm(content)

interface Answer {
  readonly shown: string
  readonly status: number
  readonly mount: (app: Express) => void
  readonly type?: string
  /** Slug of the normalized body; without one the body is the application's own. */
  readonly reason?: string
  /** A parser reads before it answers, so a 100 is right. */
  readonly reads?: true
  /** A 2xx that begins before anything was read: the 100 goes first, or the content never comes. */
  readonly streams?: true
  /** All content is read before the answer, so the connection may live on (law 4). */
  readonly keeps?: true
}

const put = '/files/:name'
const answers: readonly Answer[] = [
  {
    shown: "the application's own 401",
    status: 401,
    mount: (app) => app.put(put, (_req, res) => void res.status(401).json({ mine: true })),
  },
  {
    shown: 'a refusal of the gate',
    status: 413,
    reason: 'content_too_large',
    mount: (app) =>
      app.put(put, expectation({ maxContentLength: 10, requireContentLength: false }), () => {
        throw new Refusal(413)
      }),
  },
  {
    shown: 'a Refusal thrown by a route',
    status: 429,
    reason: 'quota_exhausted',
    mount: (app) =>
      app.put(put, async () => {
        throw new Refusal(429, { reason: 'quota_exhausted' })
      }),
  },
  { shown: '404, normalized', status: 404, reason: 'not_found', mount: () => undefined },
  {
    shown: 'a redirect',
    status: 307,
    mount: (app) => app.put(put, (_req, res) => res.redirect(307, '/elsewhere')),
  },
  {
    shown: '304',
    status: 304,
    mount: (app) => app.put(put, (_req, res) => void res.status(304).end()),
  },
  {
    shown: 'an early 200',
    status: 200,
    mount: (app) => app.put(put, (_req, res) => void res.send('known already')),
  },
  {
    shown: 'an early 200 in chunks, over several turns',
    status: 200,
    streams: true,
    mount: (app) =>
      app.put(put, (_req, res) => {
        res.write('a'.repeat(100_000))
        setImmediate(() => res.end('b'))
      }),
  },
  {
    shown: "body-parser's 413",
    status: 413,
    reason: 'content_too_large',
    type: 'application/json',
    reads: true,
    mount: (app) => app.put(put, express.json({ limit: 1000 })),
  },
  {
    // multer reads a form to its end before it reports a limit, so nothing is left unread.
    shown: "multer's 413",
    status: 413,
    reason: 'content_too_large',
    type: FORM_TYPE,
    reads: true,
    keeps: true,
    mount: (app) =>
      app.put(put, multer({ limits: { fileSize: 1000 } }).single('file'), (_req, res) => {
        res.send('never')
      }),
  },
]

function application({ mount }: Answer): Express {
  const app = express().use(expectation())
  mount(app)
  return app.use(errorHandler())
}

async function running(answer: Answer, secure: boolean): Promise<Running & { secure: boolean }> {
  const app = application(answer)
  return { ...(await serve(secure ? https.createServer(certificate, app) : app)), secure }
}

for (const secure of [false, true]) {
  for (const chunked of [false, true]) {
    for (const asks of [false, true]) {
      const how = [
        secure ? 'TLS' : 'HTTP/1.1',
        chunked ? 'chunked' : 'Content-Length',
        asks ? '100-continue' : 'no Expect',
      ].join(', ')
      describe(`law 3 (RFC 9112 9.6): ${how}`, () => {
        for (const answer of answers) {
          test(`${answer.shown} arrives`, async () => {
            const body = answer.type === FORM_TYPE ? form : content
            const seen = await blindUpload(await running(answer, secure), {
              head: head({
                chunked,
                expect: asks ? '100-continue' : [],
                ...(chunked ? {} : { length: body.length }),
                ...(answer.type === undefined ? {} : { type: answer.type }),
              }),
              content: chunked ? inChunks(body) : body,
              asks,
            })
            const response = delivered(seen, answer.status, answer.keeps && 'keep-alive')
            if (answer.reason !== undefined) checkBody(response, answer.status, answer.reason)
            // A declared length is decided without reading; else a parser had to look.
            if (answer.reads !== true)
              expect(seen.interim).toEqual(asks && answer.streams === true ? [100] : [])
            if (!asks) expect(seen.wroteAll).toBe(true)
          })
        }
      })
    }
  }
}

describe('law 3 without an error handler: what Express and its parsers answer by themselves', () => {
  const plain: readonly Answer[] = [
    { shown: '404 of finalhandler', status: 404, mount: () => undefined },
    {
      shown: "body-parser's 413",
      status: 413,
      type: 'application/json',
      mount: (app) => app.put(put, express.json({ limit: 1000 })),
    },
    {
      shown: 'a thrown error',
      status: 500,
      mount: (app) =>
        app.put(put, () => {
          throw new Error('private words')
        }),
    },
  ]
  for (const answer of plain) {
    for (const chunked of [false, true]) {
      test(`${answer.shown}, ${chunked ? 'chunked' : 'Content-Length'}, arrives`, async () => {
        const app = express().use(expectation())
        answer.mount(app)
        const seen = await blindUpload(await serve(app), {
          head: head({
            chunked,
            ...(chunked ? {} : { length: content.length }),
            ...(answer.type === undefined ? {} : { type: answer.type }),
          }),
          content: chunked ? inChunks(content) : content,
        })
        delivered(seen, answer.status)
        expect(seen.wroteAll).toBe(true)
      })
    }
  }
})

test('the witness tells a reset: a server that ends and destroys loses its answer', async () => {
  const app = express().put(put, (req, res) => {
    res.status(413).set('Connection', 'close').end('too large')
    res.once('finish', () => req.socket.destroy())
  })
  const seen = await blindUpload(await serve(app), {
    head: head({ length: content.length }),
    content,
    readsLast: true,
  })
  expect(seen.error).toMatch(/ECONNRESET|EPIPE/)
})
