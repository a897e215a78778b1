// After a final response that left content unread, the connection is over: it says close, nothing
// that follows on it is parsed or dispatched, and FIN arrives (law 4, R27).

import { expectation, Refusal } from '@expectation/express'
import express, { type Express, type Response } from 'express'
import { RawClient } from '../support/raw-client.js'
import { checkBody, closesAfter, refused, stillUsable } from '../support/refusal.js'
import { asking, chunks, head } from '../support/request.js'
import { type Counted, counted, serve } from '../support/server.js'
import { uploads } from '../support/uploads.js'

/** Counts every request that reaches the application, by whatever route. */
function watched(): { readonly app: Express; readonly seen: Counted<[], void> } {
  const seen = counted(() => undefined)
  const app = express()
  app.use((_req, _res, next) => {
    seen()
    next()
  })
  app.use(expectation({ maxContentLength: 4 }))
  app.get('/hello', (_req, res) => void res.send('hello'))
  return { app, seen }
}

const other = head({ method: 'GET', target: '/hello' })
const followers: readonly (readonly [string, string])[] = [
  ['its content and another request', `12345${other}`],
  ['another request at once', other],
  ['another upload that asks', asking({ target: '/files/second' })],
]

describe('a refused request followed by more', () => {
  for (const [shown, more] of followers) {
    test(`R27 MUST NOT (RFC 9112 9.6): ${shown}, behind the head in one segment: one response`, async () => {
      const { app, seen } = watched()
      const client = await RawClient.connect(await serve(app))
      client.send(asking({ length: 100_000_000 }) + more)
      await refused(client, 413, 'content_too_large')
      expect(seen.calls).toBe(1)
    })

    test(`R27 MUST NOT (RFC 9112 9.6): ${shown}, in a later segment: one response`, async () => {
      const { app, seen } = watched()
      const client = await RawClient.connect(await serve(app))
      client.send(asking())
      const response = await client.final()
      client.send(more)
      await closesAfter(client, response)
      client.send(more)
      client.halfClose()
      expect(await client.over()).toBe('')
      expect(seen.calls).toBe(1)
    })

    test(`R27 MUST NOT (RFC 9112 9.6): ${shown}, without Expect: one response`, async () => {
      const { app, seen } = watched()
      const client = await RawClient.connect(await serve(app))
      client.send(head({ length: 100_000_000 }) + more)
      await refused(client, 413, 'content_too_large')
      expect(seen.calls).toBe(1)
    })
  }

  test('R25 (RFC 9112 9.3): content and another request, all in one segment: both are answered', async () => {
    const { app, seen } = watched()
    const client = await RawClient.connect(await serve(app))
    client.send(`${asking()}12345${other}`)
    checkBody(await client.final(), 413, 'content_too_large')
    expect((await client.final()).text).toBe('hello')
    expect(seen.calls).toBe(2)
  })

  test('R27 MUST NOT (RFC 9112 9.6): what cannot be parsed behind the content closes', async () => {
    const { app, seen } = watched()
    const client = await RawClient.connect(await serve(app))
    client.send(asking() + other)
    await refused(client, 413, 'content_too_large')
    expect(seen.calls).toBe(1)
  })

  test('R27 MUST NOT (RFC 9112 9.6): a smuggled request inside chunked content stays content', async () => {
    const seen = counted(() => undefined)
    const app = express()
    app.use((_req, _res, next) => {
      seen()
      next()
    })
    app.use(expectation({ requireContentLength: true }))
    const client = await RawClient.connect(await serve(app))
    client.send(head({ expect: '100-continue', chunked: true }) + chunks(other))
    checkBody(await client.final(), 411, 'length_required')
    await client.quiet(40)
    expect(seen.calls).toBe(1)
  })

  test('R27 MUST NOT (RFC 9112 9.6): an unsupported expectation closes likewise', async () => {
    const { app, seen } = watched()
    const client = await RawClient.connect(await serve(app))
    client.send(head({ expect: 'something-else', length: 3 }) + other)
    await refused(client, 417, 'unsupported_expectation')
    expect(seen.calls).toBe(1)
  })

  test("R27 MUST NOT (RFC 9112 9.6): so does the application's own answer before the gate", async () => {
    const seen = counted(() => undefined)
    const app = express()
    app.use((_req, res) => {
      seen()
      res.status(401).json({ mine: true })
    })
    app.use(expectation())
    const client = await RawClient.connect(await serve(app))
    client.send(`${asking()}${other}`)
    const response = await client.final()
    expect(response.status).toBe(401)
    expect(response.json()).toEqual({ mine: true })
    await closesAfter(client, response)
    expect(seen.calls).toBe(1)
  })
})

describe('the application cannot undo the close', () => {
  const ways: readonly (readonly [string, (res: Response) => void])[] = [
    [
      "setHeader('Connection', 'keep-alive')",
      (res) => {
        res.setHeader('Connection', 'keep-alive')
        res.status(403).send('no')
      },
    ],
    [
      'writeHead with an object',
      (res) => {
        res.writeHead(403, { Connection: 'keep-alive', 'Content-Length': 2 }).end('no')
      },
    ],
    [
      'writeHead with a phrase and an object',
      (res) => {
        res.writeHead(403, 'Nope', { connection: 'keep-alive', 'Content-Length': 2 }).end('no')
      },
    ],
    [
      'writeHead with an array',
      (res) => {
        res.writeHead(403, ['Connection', 'keep-alive', 'Content-Length', '2']).end('no')
      },
    ],
    [
      'both',
      (res) => {
        res.setHeader('Connection', 'Keep-Alive')
        res.setHeader('Keep-Alive', 'timeout=5')
        res.writeHead(403, { Connection: 'Keep-Alive', 'Content-Length': 2 }).end('no')
      },
    ],
    [
      "removeHeader('Connection')",
      (res) => {
        res.removeHeader('Connection')
        res.status(403).send('no')
      },
    ],
    [
      'shouldKeepAlive = true',
      (res) => {
        res.shouldKeepAlive = true
        res.status(403).send('no')
      },
    ],
    [
      'flushHeaders() and a later end',
      (res) => {
        res.status(403).setHeader('Connection', 'keep-alive')
        res.flushHeaders()
        setImmediate(() => res.end('no'))
      },
    ],
  ]
  for (const [shown, answer] of ways) {
    test(`law 4, R26 MUST (RFC 9112 9.6): ${shown}`, async () => {
      const seen = counted(() => undefined)
      const app = express().use(expectation())
      app.use((_req, res) => {
        seen()
        answer(res)
      })
      const client = await RawClient.connect(await serve(app))
      client.send(`${asking()}12${other}`)
      const response = await client.final()
      expect(response.status).toBe(403)
      expect(response.text).toBe('no')
      await closesAfter(client, response)
      expect(seen.calls).toBe(1)
    })
  }

  test('law 4: close is said once, beside other connection options or alone', async () => {
    const app = express().use(expectation())
    app.use((_req, res) => {
      res.setHeader('Connection', 'close')
      throw new Refusal(403)
    })
    const client = await RawClient.connect(await serve(app))
    client.send(asking())
    const response = await client.next()
    expect(response.status).toBe(403)
    expect(response.values('connection')).toEqual(['close'])
  })
})

describe('what need not close', () => {
  test('law 4: an application that reads everything and then refuses keeps the connection', async () => {
    const app = express().use(expectation())
    app.get('/hello', (_req, res) => void res.send('hello'))
    app.put('/files/:name', (req, res) => {
      req.on('data', () => undefined).on('end', () => res.status(422).send('no'))
    })
    const client = await RawClient.connect(await serve(app))
    client.send(asking())
    await client.continue()
    client.send('12345')
    const response = await client.final()
    expect(response.status).toBe(422)
    expect(response.field('connection')?.toLowerCase()).not.toBe('close')
    expect((await stillUsable(client, '/hello')).text).toBe('hello')
  })

  test('law 4: an upload without Expect is as it always was', async () => {
    const client = await RawClient.connect(await serve(uploads().app))
    client.send(`${head({ length: 5 })}12345`)
    const response = await client.final()
    expect(response.json()).toEqual({ content: '12345' })
    expect((await stillUsable(client, '/hello')).text).toBe('hello')
  })

  test('law 10: a plain GET is untouched', async () => {
    const client = await RawClient.connect(await serve(uploads().app))
    for (let round = 0; round < 3; round += 1) {
      const response = await stillUsable(client, '/hello')
      expect(response.text).toBe('hello')
      expect(response.field('connection')).toBe('keep-alive')
    }
  })

  test("law 4: a client's own close is respected", async () => {
    const client = await RawClient.connect(await serve(uploads().app))
    client.send(asking({ lines: ['Connection: close'] }))
    await client.continue()
    client.send('12345')
    const response = await client.final()
    expect(response.status).toBe(200)
    await closesAfter(client, response)
  })
})
