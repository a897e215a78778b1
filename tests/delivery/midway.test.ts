// Refusing while content is being read: reading stops at once, whoever waits learns it, the answer
// arrives if its head is not out, and the connection is cut if it is.
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { errorHandler, expectation, Refusal } from '@expectation/express'
import express, { type Express, type Request, type Response } from 'express'
import { blindUpload, type Witnessed } from '../support/blind-upload.js'
import { keepConsoleErrors } from '../support/console.js'
import { inChunks, KIB, MIB } from '../support/content.js'
import { delivered, notWhole } from '../support/delivered.js'
import { outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, refused } from '../support/refusal.js'
import { chunks, head } from '../support/request.js'
import { counted, latch, serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { contentOf, uploads } from '../support/uploads.js'

keepConsoleErrors()
forbidStrayErrors()

const LIMIT = 100 * KIB
const put = '/files/:name'
const content = Buffer.alloc(8 * MIB, 'x')

function slowSink(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => void setImmediate(done) })
}

/** Ways to consume a request; each gives the error that the consumer got, or says that it got none. */
const consumers: Readonly<Record<string, (req: Request) => Promise<unknown>>> = {
  data: (req) =>
    new Promise((resolve) => {
      req.on('data', () => undefined)
      req.on('error', resolve).on('end', () => resolve('a clean end'))
    }),
  readable: (req) =>
    new Promise((resolve) => {
      req.on('readable', () => void req.read())
      req.on('error', resolve).on('end', () => resolve('a clean end'))
    }),
  pipe: (req) =>
    new Promise((resolve) => {
      req.on('error', resolve)
      req.pipe(slowSink()).on('finish', () => resolve('a clean end'))
    }),
  pipeline: (req) => pipeline(req, slowSink()).then(ended, (error: unknown) => error),
  'for await': (req) => contentOf(req).then(ended, (error: unknown) => error),
}
const ended = (): string => 'a clean end'

function uploadOf(body: Buffer, more: { chunked: boolean; asks?: boolean } = { chunked: true }) {
  return {
    head: head({
      ...(more.chunked ? { chunked: true } : { length: body.length }),
      expect: more.asks === true ? '100-continue' : [],
      type: 'application/json',
    }),
    content: more.chunked ? inChunks(body) : body,
    asks: more.asks === true,
  }
}

describe('maxContentLength counts content of undeclared length', () => {
  for (const [shown, consume] of Object.entries(consumers)) {
    for (const asks of [false, true]) {
      test(`law 3: ${shown}${asks ? ', 100-continue' : ''}: the consumer learns, 413 arrives`, async () => {
        const learnt = latch<unknown>()
        const app = express().use(expectation({ maxContentLength: LIMIT }))
        app.put(put, async (req, _res) => {
          const got = await consume(req)
          learnt.open(got)
          throw got
        })
        app.use(errorHandler())
        const seen = await blindUpload(await serve(app), uploadOf(content, { chunked: true, asks }))
        const body = checkBody(delivered(seen, 413), 413, 'content_too_large')
        expect(seen.interim).toEqual(asks ? [100] : [])
        expect(body.error.details).toMatchObject({ limit: LIMIT })
        const error = await within('the consumer', learnt.opened)
        expect(error).toBeInstanceOf(Refusal)
        expect(error).toMatchObject({ status: 413, statusCode: 413, reason: 'content_too_large' })
      })
    }
  }

  test('law 3: a consumer that listens for no error is answered for', async () => {
    const app = express().use(expectation({ maxContentLength: LIMIT }))
    app.put(put, (req, res) => {
      req.on('data', () => undefined).on('end', () => res.send('whole'))
    })
    const seen = await blindUpload(await serve(app), uploadOf(content))
    checkBody(delivered(seen, 413), 413, 'content_too_large')
  })

  test('the limit itself passes, one byte more does not, however it is cut', async () => {
    const port = await serve(uploads({ maxContentLength: 10 }).app)
    const client = await RawClient.connect(port)
    client.send(head({ chunked: true }) + chunks('12345', '67890'))
    expect((await client.final()).json()).toEqual({ content: '1234567890' })
    // All of it has come: nothing forces a close.
    client.send(head({ chunked: true }) + chunks('1234567890', '1'))
    checkBody(await client.final(), 413, 'content_too_large')
    client.send(head({ chunked: true }) + chunks('12345678901'))
    checkBody(await client.final(), 413, 'content_too_large')
    client.send(`${head({ chunked: true })}a\r\n1234567890\r\n`)
    client.send('1\r\n1\r\n')
    await refused(client, 413, 'content_too_large')
  })

  test('the smallest of several limits counts', async () => {
    const app = express().use(expectation({ maxContentLength: '1mb' }))
    app.put(put, expectation({ maxContentLength: 4 }), expectation(), async (req, res) => {
      res.send(await contentOf(req))
    })
    app.use(errorHandler())
    const client = await RawClient.connect(await serve(app))
    client.send(head({ chunked: true }) + chunks('12345'))
    const response = await client.final()
    checkBody(response, 413, 'content_too_large')
    expect(response.json()).toMatchObject({ error: { details: { limit: 4 } } })
  })
})

describe('the application refuses while it reads', () => {
  type Refuse = (
    req: Request,
    res: Response,
    next: (error: unknown) => void,
    seen: () => void,
  ) => unknown
  const refusal = (): Refusal => new Refusal(422, { reason: 'bad_magic' })
  const ways: Readonly<Record<string, Refuse>> = {
    'next(refusal) in a data listener': (req, _res, next, seen) => {
      req.on('data', () => {
        seen()
        next(refusal())
      })
    },
    'throw in for await': async (req, _res, _next, seen) => {
      for await (const _part of req) {
        seen()
        throw refusal()
      }
    },
    'throw in a pipeline': async (req, _res, _next, seen) => {
      await pipeline(req, async (parts: AsyncIterable<Buffer>) => {
        for await (const _part of parts) {
          seen()
          throw refusal()
        }
      })
    },
    'a sink that refuses': async (req, _res, _next, seen) => {
      const sink = new Writable({
        write(_chunk, _encoding, done) {
          seen()
          done(refusal())
        },
      })
      await pipeline(req, sink)
    },
    'req.destroy(refusal)': (req, _res, next, seen) => {
      req.once('error', next)
      req.once('data', () => {
        seen()
        req.destroy(refusal())
      })
    },
  }
  for (const [shown, refuse] of Object.entries(ways)) {
    for (const chunked of [false, true]) {
      test(`law 3: ${shown}, ${chunked ? 'chunked' : 'Content-Length'}: 422 arrives`, async () => {
        const told = outcomes()
        const app = express().use(expectation({ onOutcome: told.onOutcome }))
        const parts = counted(() => undefined)
        app.put(put, (req, res, next) => refuse(req, res, next, parts))
        app.use(errorHandler())
        const seen = await blindUpload(await serve(app), uploadOf(content, { chunked }))
        expect(delivered(seen, 422).json()).toMatchObject({
          error: { code: 422, reason: 'bad_magic' },
        })
        const outcome = await told.first()
        // Reading stopped: what came after the answer was dropped, not given to the application.
        expect(outcome).toMatchObject({ status: 422, connection: 'lingered', clientGone: false })
        expect(outcome.receivedBytes).toBeLessThan(content.length / 2)
        expect(parts.calls).toBeLessThan(content.length / 2 / 1024)
      })
    }
  }
})

describe('once the head is out, the connection is cut', () => {
  type Finish = (req: Request, res: Response) => unknown
  const ways: Readonly<Record<string, Finish>> = {
    'the limit': (req) => void req.on('data', () => undefined),
    'a Refusal thrown': async (req) => {
      for await (const _part of req) throw new Refusal(422)
    },
    'an error thrown': async () => {
      throw new Error('private words')
    },
    'a pipeline that fails': async (req) => {
      await pipeline(req, new Writable({ write: (_c, _e, done) => done(new Error('disk full')) }))
    },
  }
  const starts: Readonly<Record<string, (res: Response) => void>> = {
    'a chunked answer': (res) => void res.write('start'),
    'an answer of declared length': (res) => {
      res.set('Content-Length', '1000').write('start')
    },
  }
  for (const [what, start] of Object.entries(starts)) {
    for (const [shown, finish] of Object.entries(ways)) {
      test(`RFC 9112 section 8: ${shown} in ${what}: never a whole response`, async () => {
        const app: Express = express().use(expectation({ maxContentLength: LIMIT }))
        app.put(put, async (req, res) => {
          start(res)
          await finish(req, res)
        })
        app.use(errorHandler())
        const seen: Witnessed = await blindUpload(await serve(app), uploadOf(content))
        notWhole(seen)
      })
    }
  }
})

describe('the application answers by hand while it reads', () => {
  for (const chunked of [false, true]) {
    test(`law 3: its own count, answered by hand, ${chunked ? 'chunked' : 'Content-Length'}: who reads on gets all`, async () => {
      const told = outcomes()
      const app = express().use(expectation({ onOutcome: told.onOutcome }))
      const whole = latch<number>()
      app.put(put, (req, res) => {
        let bytes = 0
        req.on('data', (part: Buffer) => {
          bytes += part.length
          if (!res.headersSent) res.status(422).json({ error: { code: 422, reason: 'bad_magic' } })
        })
        req.on('end', () => whole.open(bytes))
      })
      const seen = await blindUpload(await serve(app), uploadOf(content, { chunked }))
      delivered(seen, 422)
      expect(await within('the end of the content', whole.opened)).toBe(content.length)
      expect(await told.first()).toMatchObject({ connection: 'lingered', clientGone: false })
    })
  }
})
