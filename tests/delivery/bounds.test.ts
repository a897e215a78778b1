// Bounds of the linger, and of the drain that keeps a connection: idle time, total time, bytes and
// how many at once. The outcome says which bound ended it, so that no test has to measure time.
import http from 'node:http'
import type { Socket } from 'node:net'
import { attach } from '@expectation/core/node'
import { type ExpectationOptions, errorHandler, expectation } from '@expectation/express'
import express from 'express'
import { blindUpload } from '../support/blind-upload.js'
import { keepConsoleErrors } from '../support/console.js'
import { MIB } from '../support/content.js'
import { delivered } from '../support/delivered.js'
import { reachConnections } from '../support/open-connections.js'
import { type Outcomes, outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { refused, stillUsable } from '../support/refusal.js'
import { head } from '../support/request.js'
import { type Running, serve } from '../support/server.js'
import { standStill } from '../support/stand-still.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { uploads } from '../support/uploads.js'

keepConsoleErrors()
forbidStrayErrors()

type Bounds = NonNullable<ExpectationOptions['linger']>

const FAR = 60_000

async function refusing(linger: Bounds): Promise<Running & { told: Outcomes }> {
  const told = outcomes()
  const { app } = uploads({ maxContentLength: 4, linger, onOutcome: told.onOutcome })
  return { told, ...(await serve(app)) }
}

/** Sends a byte again and again, until the test is over. */
function drip(client: RawClient): () => void {
  const timer = setInterval(() => client.send('x'), 5)
  return () => clearInterval(timer)
}

describe('a linger ends', () => {
  const declared = head({ length: 1_000_000_000 })

  test('at idleMs, when the client falls silent', async () => {
    const { told, server, ...at } = await refusing({ idleMs: 40, totalMs: FAR })
    const client = await RawClient.connect(at)
    client.send(declared)
    await refused(client, 413, 'content_too_large')
    expect(await told.first()).toMatchObject({ connection: 'lingered', lingerEnd: 'idle' })
    await reachConnections(server, 0)
  })

  test('at totalMs, when the client drips and is never idle', async () => {
    const { told, server, ...at } = await refusing({ idleMs: FAR, totalMs: 150 })
    const client = await RawClient.connect(at)
    client.send(declared)
    await refused(client, 413, 'content_too_large')
    const stop = drip(client)
    try {
      expect(await told.first()).toMatchObject({ connection: 'lingered', lingerEnd: 'total' })
      await reachConnections(server, 0)
    } finally {
      stop()
    }
  })

  test('not at idleMs where bytes came while the process stood still', async () => {
    const { told, ...at } = await refusing({ idleMs: 200, totalMs: FAR })
    const client = await RawClient.connect(at)
    client.send(declared)
    await refused(client, 413, 'content_too_large')
    client.send('x')
    standStill(300)
    await new Promise((resolve) => setTimeout(resolve, 100))
    client.halfClose()
    expect(await told.first()).toMatchObject({ lingerEnd: 'peer-closed' })
  })

  test('each byte that drips starts the idle time again', async () => {
    const { told, ...at } = await refusing({ idleMs: 400, totalMs: 1500 })
    const client = await RawClient.connect(at)
    client.send(declared)
    await refused(client, 413, 'content_too_large')
    const stop = drip(client)
    try {
      expect(await told.first()).toMatchObject({ lingerEnd: 'total' })
    } finally {
      stop()
    }
  })

  test('at maxBytes, when the client never stops', async () => {
    const { told, server, ...at } = await refusing({
      idleMs: FAR,
      totalMs: FAR,
      maxBytes: 200_000,
    })
    const client = await RawClient.connect(at)
    client.send(declared)
    await refused(client, 413, 'content_too_large')
    const piece = Buffer.alloc(50_000)
    const flood = setInterval(() => client.send(piece), 1)
    const outcome = await told.first().finally(() => clearInterval(flood))
    expect(outcome).toMatchObject({ connection: 'lingered', lingerEnd: 'bytes' })
    expect(outcome.lingeredBytes).toBeGreaterThan(200_000)
    // At most one read of the socket more than allowed.
    expect(outcome.lingeredBytes).toBeLessThanOrEqual(200_000 + 65_536)
    await reachConnections(server, 0)
  })

  test('when the client closes, with every byte counted', async () => {
    const { told, ...at } = await refusing({ idleMs: FAR, totalMs: FAR })
    const content = Buffer.alloc(MIB)
    const seen = await blindUpload(at, { head: head({ length: MIB }), content })
    delivered(seen, 413)
    const outcome = await told.first()
    expect(outcome).toMatchObject({ connection: 'lingered', lingerEnd: 'peer-closed' })
    expect(outcome.receivedBytes + outcome.lingeredBytes).toBe(MIB)
  })

  test('when the client resets', async () => {
    const { told, server, ...at } = await refusing({ idleMs: FAR, totalMs: FAR })
    const client = await RawClient.connect(at)
    client.send(declared)
    await refused(client, 413, 'content_too_large')
    client.reset()
    expect(await told.first()).toMatchObject({ connection: 'lingered', lingerEnd: 'error' })
    await reachConnections(server, 0)
  })
})

describe('linger.maxConcurrent', () => {
  test('past the limit the one that has lingered longest goes, not the newcomer', async () => {
    const { told, server, ...at } = await refusing({
      idleMs: FAR,
      totalMs: FAR,
      maxConcurrent: 3,
    })
    const lingering: RawClient[] = []
    const refuseOne = async (): Promise<RawClient> => {
      const client = await RawClient.connect(at)
      client.send(head({ length: 1_000_000 }))
      await refused(client, 413, 'content_too_large')
      return client
    }
    for (let each = 0; each < 3; each += 1) lingering.push(await refuseOne())
    expect(told.all).toEqual([])
    lingering.push(await refuseOne())
    expect((await told.reach(1))[0]).toMatchObject({ connection: 'lingered', lingerEnd: 'full' })
    await reachConnections(server, 3)
    lingering[1]?.halfClose()
    expect((await told.reach(2))[1]).toMatchObject({ lingerEnd: 'peer-closed' })
    await refuseOne()
    await reachConnections(server, 3)
    expect(told.all).toHaveLength(2)
  })

  test('0: nothing lingers', async () => {
    const { told, server, ...at } = await refusing({ maxConcurrent: 0 })
    const client = await RawClient.connect(at)
    client.send(head({ length: 1_000_000 }))
    await refused(client, 413, 'content_too_large')
    expect(await told.first()).toMatchObject({ status: 413, connection: 'cut' })
    await reachConnections(server, 0)
  })
})

describe('the drain that keeps a connection', () => {
  const put = '/files/:name'

  async function answering(linger: Bounds): Promise<Running & { told: Outcomes }> {
    const told = outcomes()
    const app = express().use(expectation({ linger, onOutcome: told.onOutcome }))
    app.get('/hello', (_req, res) => void res.send('hello'))
    app.put(put, (_req, res) => void res.status(401).json({ mine: true }))
    app.use(errorHandler())
    return { told, ...(await serve(app)) }
  }

  test('R15 (RFC 9112 9.3): a small rest is read and dropped, and the connection serves on', async () => {
    const { told, ...at } = await answering({})
    const client = await RawClient.connect(at)
    for (let round = 0; round < 3; round += 1) {
      client.send(head({ length: 60_000 }))
      const response = await client.final()
      expect(response.status).toBe(401)
      expect(response.field('connection')).not.toBe('close')
      client.send(Buffer.alloc(60_000))
      expect((await stillUsable(client, '/hello')).text).toBe('hello')
    }
    expect(told.all.map(({ connection }) => connection)).toEqual(['drained', 'drained', 'drained'])
  })

  test('64 KiB is kept, one byte more closes', async () => {
    const at = await answering({})
    const kept = await RawClient.connect(at)
    kept.send(head({ length: 65_536 }))
    expect((await kept.final()).field('connection')).not.toBe('close')
    const closed = await RawClient.connect(at)
    closed.send(head({ length: 65_537 }))
    expect((await closed.final()).field('connection')).toBe('close')
  })

  for (const [shown, bytes] of [
    ['a client that sends nothing', 0],
    ['a client that sends a part', 100],
  ] as const) {
    test(`${shown} is let go in bounded time`, async () => {
      const { told, server, ...at } = await answering({ idleMs: 40 })
      const client = await RawClient.connect(at)
      client.send(head({ length: 60_000 }) + 'x'.repeat(bytes))
      expect((await client.final()).status).toBe(401)
      await reachConnections(server, 0)
      expect(await told.first()).toMatchObject({ status: 401 })
    })
  }

  test('a client that drips is let go although it is never idle', async () => {
    const { told, server, ...at } = await answering({ idleMs: 150, totalMs: 300 })
    const client = await RawClient.connect(at)
    client.send(head({ length: 60_000 }))
    expect((await client.final()).status).toBe(401)
    const stop = drip(client)
    try {
      await reachConnections(server, 0)
      await told.first()
    } finally {
      stop()
    }
  })

  test('the drain leaves no listener behind on a connection that serves many', async () => {
    const { told, server, ...at } = await answering({})
    const sockets: Socket[] = []
    server.on('connection', (socket: Socket) => void sockets.push(socket))
    const client = await RawClient.connect(at)
    const listeners = (): number => {
      const socket = sockets[0]
      return (socket?.eventNames() ?? []).reduce(
        (sum, name) => sum + (socket?.listenerCount(name) ?? 0),
        0,
      )
    }
    let before = 0
    for (let round = 0; round < 30; round += 1) {
      client.send(head({ length: 1000 }) + 'x'.repeat(1000))
      expect((await client.final()).status).toBe(401)
      await told.reach(round + 1)
      if (round === 2) before = listeners()
    }
    expect(sockets).toHaveLength(1)
    expect(listeners()).toBe(before)
  })
})

describe('a reader behind a refusal that takes nothing, as a web stream that is not pulled,', () => {
  const refusal = async (client: RawClient) => {
    client.send(head({ length: MIB })).send(Buffer.alloc(MIB / 2))
    const response = await client.final()
    expect(response.status).toBe(413)
    expect(response.field('connection')).toBe('close')
  }

  test('law 0: is not waited for longer than Node keeps an idle connection', async () => {
    const server = http.createServer({ keepAliveTimeout: 100 }, (request, response) => {
      request.on('readable', () => undefined)
      response.writeHead(413).end('too large')
    })
    const client = await RawClient.connect(await serve(attach(server)))
    await refusal(client)
    await client.fin(10_000)
    client.destroy()
    await reachConnections(server, 0)
  })

  test('law 0: is not waited for where the application closes the socket', async () => {
    // As @hono/node-server does it, after 500 ms.
    const server = http.createServer((request, response) => {
      request.on('readable', () => undefined)
      response.on('close', () => setTimeout(() => request.socket.destroySoon(), 20))
      response.writeHead(413).end('too large')
    })
    const client = await RawClient.connect(await serve(attach(server)))
    await refusal(client)
    await client.fin()
    client.destroy()
    await reachConnections(server, 0)
  })
})
