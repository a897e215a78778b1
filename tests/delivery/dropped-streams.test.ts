// An application that drops the request stream still answers, with the status it chose: today each of
// these destroys the socket in Node, and the client sees a reset (law 3).
import { createWriteStream } from 'node:fs'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { errorHandler, expectation, Refusal } from '@expectation/express'
import busboy from 'busboy'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import multer from 'multer'
import { blindUpload } from '../support/blind-upload.js'
import { keepConsoleErrors } from '../support/console.js'
import { asForm, FORM_TYPE, inChunks, MIB } from '../support/content.js'
import { delivered } from '../support/delivered.js'
import { outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { counted, latch, serve, within } from '../support/server.js'
import { testWhen } from '../support/skip.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

keepConsoleErrors()
forbidStrayErrors()

type Route = (req: Request, res: Response, next: NextFunction) => unknown
const put = '/files/:name'
const content = Buffer.alloc(8 * MIB, 'x')
const form = asForm(content)
const full = (): Error => Object.assign(new Error('no space left'), { status: 507, expose: true })

const routes: Readonly<Record<string, { readonly status: number; readonly route: Route }>> = {
  'for await left by break': {
    status: 507,
    route: async (req, res) => {
      for await (const _part of req) break
      res.status(507).json({ mine: true })
    },
  },
  'for await left by break, answered much later': {
    status: 507,
    route: async (req, res) => {
      for await (const _part of req) break
      await delay(150)
      res.status(507).json({ mine: true })
    },
  },
  'for await left by throw': {
    status: 429,
    route: async (req) => {
      for await (const _part of req) throw new Refusal(429)
    },
  },
  'an iterator that is returned': {
    status: 409,
    route: async (req, res) => {
      const parts = req[Symbol.asyncIterator]()
      await parts.next()
      await parts.return?.()
      res.status(409).end()
    },
  },
  'pipeline into a sink that fails': {
    status: 507,
    route: (req) => pipeline(req, new Writable({ write: (_c, _e, done) => done(full()) })),
  },
  'pipeline into a sink that fails later': {
    status: 507,
    route: (req) => {
      let writes = 0
      const sink = new Writable({
        write: (_c, _e, done) => {
          writes += 1
          setImmediate(() => done(writes > 3 ? full() : null))
        },
      })
      return pipeline(req, sink)
    },
  },
  'pipe into a sink that fails': {
    status: 507,
    route: (req, _res, next) => {
      const sink = new Writable({ write: (_c, _e, done) => done(full()) })
      req.pipe(sink).on('error', next)
    },
  },
  'pipeline that is aborted': {
    status: 503,
    route: async (req, res) => {
      const abort = new AbortController()
      req.once('data', () => abort.abort())
      const sink = new Writable({ write: (_c, _e, done) => void setImmediate(done) })
      await pipeline(req, sink, { signal: abort.signal }).catch(() => undefined)
      res.status(503).json({ mine: true })
    },
  },
  'req.destroy(), answered in the same turn': {
    status: 413,
    route: (req, res) => {
      req.destroy()
      res.status(413).json({ mine: true })
    },
  },
  'req.destroy(), answered later': {
    status: 413,
    route: async (req, res) => {
      req.destroy()
      await delay(20)
      res.status(413).json({ mine: true })
    },
  },
  'req.destroy() in the middle': {
    status: 413,
    route: (req, res) => {
      req.once('data', () => {
        req.destroy()
        res.status(413).json({ mine: true })
      })
    },
  },
  'req.destroy(error), passed on': {
    status: 422,
    route: (req, _res, next) => {
      req.once('error', next)
      req.destroy(Object.assign(new Error('no'), { status: 422 }))
    },
  },
  'answered first, then req.destroy()': {
    status: 403,
    route: (req, res) => {
      res.status(403).json({ mine: true })
      req.destroy()
    },
  },
  'unpipe, then answered': {
    status: 415,
    route: (req, res) => {
      const sink = new Writable({ write: (_c, _e, done) => void setImmediate(done) })
      req.pipe(sink)
      req.once('data', () => {
        req.unpipe(sink)
        res.status(415).json({ mine: true })
      })
    },
  },
  'a web stream that is cancelled': {
    status: 415,
    route: async (req, res) => {
      const { Readable } = await import('node:stream')
      const reader = Readable.toWeb(req).getReader()
      await reader.read()
      await reader.cancel()
      res.status(415).json({ mine: true })
    },
  },
}

function application(route: Route, told = outcomes()): Express {
  return express()
    .use(expectation({ onOutcome: told.onOutcome }))
    .put(put, route)
    .use(errorHandler())
}

for (const [shown, { status, route }] of Object.entries(routes)) {
  for (const chunked of [false, true]) {
    for (const asks of [false, true]) {
      const how = `${chunked ? 'chunked' : 'Content-Length'}${asks ? ', 100-continue' : ''}`
      test(`law 3: ${shown}, ${how}: the ${status} arrives`, async () => {
        const told = outcomes()
        const seen = await blindUpload(await serve(application(route, told)), {
          head: head({
            expect: asks ? '100-continue' : [],
            ...(chunked ? { chunked } : { length: content.length }),
          }),
          content: chunked ? inChunks(content) : content,
          asks,
        })
        delivered(seen, status)
        expect(await told.first()).toMatchObject({ status, clientGone: false })
      })
    }
  }
}

testWhen(process.platform === 'linux', '/dev/full is of Linux')(
  'law 3: a disk that is full: the 507 arrives',
  async () => {
    const route: Route = async (req) => {
      try {
        await pipeline(req, createWriteStream('/dev/full'))
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOSPC' })
        throw new Refusal(507, { cause: error })
      }
    }
    const seen = await blindUpload(await serve(application(route)), {
      head: head({ length: content.length }),
      content,
    })
    expect(delivered(seen, 507).json()).toMatchObject({ error: { reason: 'insufficient_storage' } })
  },
)

describe('limits of form parsers', () => {
  const upload = multer({ limits: { fileSize: 1000 } }).single('file')
  const parsers: Readonly<Record<string, { readonly status: number; readonly route: Route }>> = {
    'busboy, unpiped at its limit': {
      status: 413,
      route: (req, res) => {
        const parser = busboy({ headers: req.headers, limits: { fileSize: 1000 } })
        parser.on('file', (_name, file) => {
          file.resume().on('limit', () => {
            req.unpipe(parser)
            res.status(413).json({ mine: true })
          })
        })
        req.pipe(parser)
      },
    },
    'busboy in a pipeline, which the limit breaks': {
      status: 413,
      route: async (req) => {
        const parser = busboy({ headers: req.headers, limits: { fileSize: 1000 } })
        parser.on('file', (_name, file) => {
          file.on('error', () => undefined).resume()
          // busboy 1.6 cannot be destroyed inside its own event.
          file.on('limit', () => process.nextTick(() => parser.destroy(new Refusal(413))))
        })
        await pipeline(req, parser)
      },
    },
    'multer with a field that is not expected': {
      status: 400,
      route: (req, res, next) => multer().single('other')(req, res, next),
    },
    'multer over its limit': { status: 413, route: (req, res, next) => upload(req, res, next) },
  }
  for (const [shown, { status, route }] of Object.entries(parsers)) {
    for (const chunked of [false, true]) {
      test(`law 3: ${shown}, ${chunked ? 'chunked' : 'Content-Length'}: ${status} arrives`, async () => {
        const seen = await blindUpload(await serve(application(route)), {
          head: head({
            type: FORM_TYPE,
            ...(chunked ? { chunked } : { length: form.length }),
          }),
          content: chunked ? inChunks(form) : form,
        })
        // multer reads a form to its end before it reports, and may then keep the connection.
        const keeps = shown.startsWith('multer') ? 'keep-alive' : 'close'
        delivered(seen, status, keeps)
      })
    }
  }
})

test('law 3: whoever reads on after the answer learns it when the client leaves, by no error', async () => {
  const closed = latch<unknown>()
  const errors = counted(() => undefined)
  const app = application((req, res) => {
    req.once('error', errors)
    req.once('close', () => closed.open(undefined))
    req.on('data', () => undefined)
    req.once('data', () => res.status(403).json({ mine: true }))
  })
  const client = await RawClient.connect(await serve(app))
  client.send(`${head({ length: content.length })}12345`)
  expect((await client.final()).status).toBe(403)
  client.reset()
  await within('the consumer', closed.opened)
  expect(errors.calls).toBe(0)
})
