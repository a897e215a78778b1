// Slow and rude clients: bounded time, bounded memory, no unhandled error, nothing left behind.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { errorHandler, expectation } from '@expectation/express'
import express, { type Request, type Response } from 'express'
import { blindUpload } from '../support/blind-upload.js'
import { keepConsoleErrors } from '../support/console.js'
import { inChunks, MIB } from '../support/content.js'
import { delivered } from '../support/delivered.js'
import { reachConnections } from '../support/open-connections.js'
import { type Outcomes, outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, refused } from '../support/refusal.js'
import { asking, chunks, head } from '../support/request.js'
import { counted, latch, type Running, serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { contentOf, uploads } from '../support/uploads.js'

keepConsoleErrors()
forbidStrayErrors()

const linger = { idleMs: 40, totalMs: 400 } as const

interface Reading extends Running {
  readonly told: Outcomes
  /** What the consumer of the content learnt: its error, or the content. */
  readonly learnt: Promise<unknown>
}

/** A server whose route reads everything, with Node's own timeouts set short. */
async function reading(): Promise<Reading> {
  const told = outcomes()
  const learnt = latch<unknown>()
  const app = express().use(expectation({ linger, onOutcome: told.onOutcome }))
  app.put('/files/:name', async (req, res) => {
    try {
      const content = await contentOf(req)
      learnt.open(content)
      res.json({ content })
    } catch (error) {
      learnt.open(error)
      throw error
    }
  })
  app.use(errorHandler())
  const server = http.createServer(
    { requestTimeout: 300, headersTimeout: 300, connectionsCheckingInterval: 50 },
    app,
  )
  return { told, learnt: learnt.opened, ...(await serve(attach(server))) }
}

describe('a client that got its 100', () => {
  test('and sends nothing: let go at requestTimeout, and the consumer learns', async () => {
    const { told, learnt, server, ...at } = await reading()
    const client = await RawClient.connect(at)
    client.send(asking({ length: 1000 }))
    await client.continue()
    await client.over(5000)
    expect(await within('the consumer', learnt)).toMatchObject({ code: 'ECONNRESET' })
    await told.first()
    await reachConnections(server, 0)
  })

  test('and sends nothing: 408 at contentTimeoutMs, without any timeout of Node', async () => {
    const told = outcomes()
    const learnt = latch<unknown>()
    const { app } = uploads(
      { contentTimeoutMs: 60, linger, onOutcome: told.onOutcome },
      counted(async (req: Request, _res: Response) => {
        learnt.open(await contentOf(req).catch((error: unknown) => error))
      }),
    )
    const { server, ...at } = await serve(app)
    server.requestTimeout = 0
    const client = await RawClient.connect(at)
    client.send(asking({ length: 1000 }))
    await client.continue()
    await refused(client, 408, 'request_timeout')
    expect(await within('the consumer', learnt.opened)).toMatchObject({ status: 408 })
    expect(await told.first()).toMatchObject({ status: 408, continueSent: true })
    await reachConnections(server, 0)
  })

  test('and drips: let go at requestTimeout, and the consumer learns', async () => {
    const { told, learnt, server, ...at } = await reading()
    const client = await RawClient.connect(at)
    client.send(asking({ length: 1_000_000 }))
    await client.continue()
    const timer = setInterval(() => client.send('x'), 10)
    try {
      await client.over(5000)
      expect(await within('the consumer', learnt)).toMatchObject({ code: 'ECONNRESET' })
      await told.first()
      await reachConnections(server, 0)
    } finally {
      clearInterval(timer)
    }
  })

  const leaves = {
    'and disappears': (client: RawClient) => client.destroy(),
    'and resets': (client: RawClient) => client.reset(),
    'and half-closes': (client: RawClient) => client.halfClose(),
  }
  for (const [shown, leave] of Object.entries(leaves)) {
    for (const sent of [0, 100]) {
      test(`${shown} after ${sent} bytes: the consumer learns, nothing stays`, async () => {
        const { told, learnt, server, ...at } = await reading()
        const client = await RawClient.connect(at)
        client.send(asking({ length: 1000 }))
        await client.continue()
        if (sent > 0) await client.sendAll('x'.repeat(sent))
        leave(client)
        expect(await within('the consumer', learnt)).toMatchObject({ code: 'ECONNRESET' })
        await told.first()
        await reachConnections(server, 0)
      })
    }
  }
})

describe('a client that does not wait for its 100', () => {
  test('sends everything at once and is served, with or without a 100 (R13)', async () => {
    const { told, ...at } = await reading()
    const client = await RawClient.connect(at)
    client.send(`${asking()}12345`)
    const response = await client.answer()
    expect(response.json()).toEqual({ content: '12345' })
    expect(await told.first()).toMatchObject({ connection: 'kept', clientGone: false })
  })

  for (const framing of ['Content-Length', 'chunked'] as const) {
    test(`sends 8 MiB at once (${framing}) while a check asks: memory is bounded, 413 arrives`, async () => {
      const go = latch()
      const content = Buffer.alloc(8 * MIB)
      const save = counted(async (_req: Request, _res: Response) => undefined)
      const buffered: number[] = []
      const { app } = uploads(
        {
          maxContentLength: framing === 'chunked' ? undefined : '1gb',
          checkTimeoutMs: 10_000,
          checks: [
            async (_head, { request }) => {
              await go.opened
              buffered.push((request as Request).readableLength)
              const { Refusal } = await import('@expectation/express')
              return new Refusal(413)
            },
          ],
        },
        save,
      )
      const { server, ...at } = await serve(app)
      const upload = blindUpload(at, {
        head: head({
          expect: '100-continue',
          ...(framing === 'chunked' ? { chunked: true } : { length: content.length }),
        }),
        content: framing === 'chunked' ? inChunks(content) : content,
      })
      await reachConnections(server, 1)
      for (let turn = 0; turn < 50; turn += 1) await new Promise((next) => setImmediate(next))
      go.open()
      checkBody(delivered(await upload, 413), 413, 'content_too_large')
      // Content that nobody asked for is held back by TCP, not collected.
      expect(buffered[0]).toBeLessThanOrEqual(2 * 65_536)
      expect(save.calls).toBe(0)
    })
  }
})

describe('a client that is refused', () => {
  const leaves = {
    'and disappears at once': (client: RawClient) => client.destroy(),
    'and resets at once': (client: RawClient) => client.reset(),
  }
  for (const [shown, leave] of Object.entries(leaves)) {
    test(`${shown}, before the answer: nothing stays`, async () => {
      const told = outcomes()
      const asked = latch()
      const gone = latch<unknown>()
      const { app } = uploads({
        onOutcome: told.onOutcome,
        linger,
        checks: [
          async (_head, { signal }) => {
            asked.open()
            await new Promise((resolve) => signal.addEventListener('abort', resolve))
            gone.open(signal.reason)
          },
        ],
      })
      const { server, ...at } = await serve(app)
      const client = await RawClient.connect(at)
      client.send(asking({ length: 1000 }))
      await asked.opened
      leave(client)
      await within('the signal', gone.opened)
      expect(await told.first()).toMatchObject({ clientGone: true, connection: 'cut' })
      await reachConnections(server, 0)
    })

    test(`${shown}, with the answer under way: nothing stays`, async () => {
      const told = outcomes()
      const { app } = uploads({ maxContentLength: 4, onOutcome: told.onOutcome, linger })
      const { server, ...at } = await serve(app)
      for (let round = 0; round < 20; round += 1) {
        const client = await RawClient.connect(at)
        client.send(head({ length: 1_000_000 })).send(Buffer.alloc(100_000))
        leave(client)
      }
      await reachConnections(server, 0)
    })
  }

  test('and half-closes at once still gets its whole answer', async () => {
    const { app } = uploads({ maxContentLength: 4, linger })
    const client = await RawClient.connect(await serve(app))
    client.send(head({ length: 1_000_000 }))
    client.halfClose()
    await refused(client, 413, 'content_too_large')
  })

  test('and half-closes in the middle of its content still gets its whole answer', async () => {
    const { app } = uploads({ maxContentLength: 4, linger })
    const client = await RawClient.connect(await serve(app))
    client.send(head({ length: 1_000_000 })).send(Buffer.alloc(200_000))
    client.halfClose()
    await refused(client, 413, 'content_too_large')
  })

  test('and never reads: let go at the bound, with what was sent', async () => {
    const told = outcomes()
    const { app } = uploads({ maxContentLength: 4, onOutcome: told.onOutcome, linger })
    const { server, ...at } = await serve(app)
    const client = await RawClient.connect(at)
    client.stopReading()
    client.send(head({ length: 1_000_000 }))
    expect(await told.first()).toMatchObject({ status: 413, lingerEnd: 'idle' })
    await reachConnections(server, 0)
  })

  test('and never reads a large answer: let go at the bound', async () => {
    const told = outcomes()
    const app = express().use(expectation({ linger, onOutcome: told.onOutcome }))
    app.put('/files/:name', (_req, res) => void res.status(403).send('x'.repeat(32 * MIB)))
    const { server, ...at } = await serve(app)
    const client = await RawClient.connect(at)
    client.stopReading()
    client.send(head({ length: 1_000_000 }))
    await new Promise((resolve) => setTimeout(resolve, 100))
    client.reset()
    await told.first()
    await reachConnections(server, 0)
  })
})

describe('broken content', () => {
  test('a chunk size that is none: the consumer learns, and the client is told 400 or cut', async () => {
    const { told, learnt, server, ...at } = await reading()
    const client = await RawClient.connect(at)
    client.send(`${head({ chunked: true })}3\r\nabc\r\nnonsense\r\n`)
    expect(await within('the consumer', learnt)).toMatchObject({ code: 'ECONNRESET' })
    await client.over()
    await told.first()
    await reachConnections(server, 0)
  })

  test('a connection that served before is served again after small drains and refusals', async () => {
    const { told, ...at } = await reading()
    const client = await RawClient.connect(at)
    for (let round = 0; round < 5; round += 1) {
      client.send(head({ chunked: true }) + chunks('ab', 'c'))
      expect((await client.final()).json()).toEqual({ content: 'abc' })
    }
    expect((await told.reach(5)).map(({ connection }) => connection)).toEqual(
      Array.from({ length: 5 }, () => 'kept'),
    )
  })
})
