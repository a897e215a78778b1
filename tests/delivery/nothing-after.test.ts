// Nothing runs after a refusal: what follows on the connection is neither parsed nor dispatched,
// pipelined requests included, and the application's own keep-alive cannot undo it (R27, law 4).
import http from 'node:http'
import { errorHandler, expectation, Refusal } from '@expectation/express'
import express, { type Request, type Response } from 'express'
import { keepConsoleErrors } from '../support/console.js'
import { outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { closesAfter } from '../support/refusal.js'
import { chunks, head } from '../support/request.js'
import { bare, counted, serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { contentOf } from '../support/uploads.js'

keepConsoleErrors()
forbidStrayErrors()

const put = '/files/:name'
const next = 'GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n'
const upgrade = 'GET /next HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'
const tunnel = 'CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n'
const large = 200_000

const refusals: Readonly<Record<string, (req: Request, res: Response) => unknown>> = {
  'a Refusal': () => {
    throw new Refusal(403)
  },
  'setHeader keep-alive': (_req, res) => {
    res.setHeader('Connection', 'keep-alive')
    res.status(403).json({})
  },
  'writeHead with an object': (_req, res) => {
    res.writeHead(403, { connection: 'keep-alive', 'Content-Length': 0 }).end()
  },
  'writeHead with a phrase and an object': (_req, res) => {
    res.writeHead(403, 'No', { Connection: 'Keep-Alive', 'Content-Length': 0 }).end()
  },
  'writeHead with a flat list': (_req, res) => {
    res.writeHead(403, ['Connection', 'keep-alive', 'Content-Length', '0']).end()
  },
  'setHeader, then writeHead': (_req, res) => {
    res.setHeader('Connection', 'keep-alive')
    res.setHeader('Keep-Alive', 'timeout=60')
    res.writeHead(403, { Connection: 'keep-alive' }).end('no')
  },
  removeHeader: (_req, res) => {
    res.removeHeader('Connection')
    res.status(403).json({})
  },
  shouldKeepAlive: (_req, res) => {
    res.shouldKeepAlive = true
    res.status(403).json({})
  },
}

interface Tail {
  readonly shown: string
  readonly request: string
  /** Sent behind the head, in one write with it. */
  readonly tail: string
}

const declared = head({ length: large })
const tails: readonly Tail[] = [
  { shown: 'another request at once', request: declared, tail: next },
  { shown: 'two requests at once', request: declared, tail: next + next },
  { shown: 'all content and a request', request: declared, tail: 'x'.repeat(large) + next },
  { shown: 'part of the content', request: declared, tail: 'x'.repeat(1000) },
  { shown: 'an upgrade', request: declared, tail: 'x'.repeat(large) + upgrade },
  { shown: 'a tunnel', request: declared, tail: 'x'.repeat(large) + tunnel },
  {
    shown: 'chunked content and a request',
    request: head({ chunked: true }),
    tail: chunks('x'.repeat(large)) + next,
  },
  {
    shown: 'chunks that are broken',
    request: head({ chunked: true }),
    tail: `3\r\nabc\r\nnonsense\r\n\r\n${next}`,
  },
  {
    shown: 'a polite request and another',
    request: head({ length: large, expect: '100-continue' }),
    tail: next,
  },
]

async function running(refuse: (req: Request, res: Response) => unknown) {
  const route = counted(refuse)
  const after = counted((_req: Request, res: Response) => void res.send('must not run'))
  const app = express().use(expectation()).put(put, route).get('/next', after)
  app.use(errorHandler())
  const server = http.createServer(app)
  const other = counted((_req: unknown, socket: { destroy(): void }) => socket.destroy())
  server.on('upgrade', other).on('connect', other)
  return { route, after, other, ...(await serve(server)) }
}

describe('R27 (RFC 9112 9.6), law 4: exactly one response, exactly one handler call', () => {
  for (const [shown, refuse] of Object.entries(refusals)) {
    for (const { shown: what, request, tail } of tails) {
      test(`${shown}; ${what}`, async () => {
        const { route, after, other, ...at } = await running(refuse)
        const client = await RawClient.connect(at)
        client.send(request + tail)
        const response = await client.final()
        expect(response.status).toBe(403)
        await closesAfter(client, response)
        client.send(next)
        expect(await client.fin()).toBe('')
        expect([route.calls, after.calls, other.calls]).toEqual([1, 0, 0])
      })
    }
  }

  test('what follows in later packets is not dispatched either', async () => {
    const told = outcomes()
    const after = counted((_req: Request, res: Response) => void res.send('must not run'))
    const app = express().use(expectation({ maxContentLength: 10, onOutcome: told.onOutcome }))
    app.get('/next', after).use(errorHandler())
    const client = await RawClient.connect(await serve(app))
    client.send(declared)
    const response = await client.final()
    await closesAfter(client, response)
    for (let piece = 0; piece < 20; piece += 1) {
      client.send(piece % 2 === 0 ? next : 'x'.repeat(10_000))
      await new Promise((resolve) => setImmediate(resolve))
    }
    client.halfClose()
    const outcome = await told.first()
    expect(outcome).toMatchObject({ connection: 'lingered', lingerEnd: 'peer-closed' })
    expect(outcome.lingeredBytes).toBe(10 * next.length + 100_000)
    expect(after.calls).toBe(0)
    expect(told.all).toHaveLength(1)
  })

  test('a request held back behind an upload that is refused in the end never runs', async () => {
    const { route, after, ...at } = await running(async (req, res) => {
      for await (const _part of req) break
      res.status(403).json({})
    })
    const client = await RawClient.connect(at)
    client.send(declared + 'x'.repeat(large) + next + next)
    await closesAfter(client, await client.final())
    expect([route.calls, after.calls]).toEqual([1, 0])
  })

  test('an application that says close after all content is taken at its word', async () => {
    const { route, after, ...at } = await running(async (req, res) => {
      await contentOf(req)
      res.set('Connection', 'close').send('done')
    })
    const client = await RawClient.connect(at)
    client.send(`${head({ length: 5 })}12345${next}`)
    await closesAfter(client, await client.final())
    expect([route.calls, after.calls]).toEqual([1, 0])
  })

  test('the witness sees a second dispatch: plain Node runs what is pipelined', async () => {
    const runs = counted((_req: unknown, res: http.ServerResponse) => {
      res.writeHead(403, { Connection: 'close' }).end()
    })
    const client = await RawClient.connect(await bare(runs))
    client.send(next + next)
    await client.final()
    await client.over()
    expect(runs.calls).toBe(2)
  })
})

describe('requests that are served run on', () => {
  test('three uploads and a GET in one write: four answers, in order (R29)', async () => {
    const app = express().use(expectation())
    app.put(put, async (req, res) => {
      let bytes = 0
      for await (const part of req) bytes += (part as Buffer).length
      res.send(`${req.params.name} ${bytes}`)
    })
    app.get('/next', (_req, res) => void res.send('next'))
    const client = await RawClient.connect(await serve(app))
    const one = (name: string): string => `${head({ target: `/files/${name}`, length: 5 })}12345`
    client.send(
      one('a') + one('b') + head({ chunked: true, target: '/files/c' }) + chunks('123') + next,
    )
    const texts = [
      await client.final(),
      await client.final(),
      await client.final(),
      await client.final(),
    ]
    expect(texts.map(({ text }) => text)).toEqual(['a 5', 'b 5', 'c 3', 'next'])
  })
})
