// Upstreams that are killed, frozen or slow, as processes of their own, and clients that leave: each is
// bounded, and each is told.

import { startChild } from '../support/child.js'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { asking } from '../support/request.js'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { answer, CONTINUE, rawUpstream } from './support/raw-upstream.js'
import { until } from './support/until.js'

forbidStrayErrors()
keepConsoleErrors()

/** Takes content, as fast as it is told; prints its port. */
const UPSTREAM = `
import http from 'node:http'
const perSecond = Number(process.env.PER_SECOND ?? 0)
const server = http.createServer((request, response) => {
  let bytes = 0
  request.on('data', (chunk) => {
    bytes += chunk.length
    if (perSecond === 0) return
    request.pause()
    setTimeout(() => request.resume(), (chunk.length / perSecond) * 1000)
  })
  request.on('end', () => response.end(String(bytes)))
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as any).port))
`

const originOf = ({ port }: { readonly port: number }): string => `http://127.0.0.1:${port}`

test('kill -9 under content: 502 at once, and another upstream serves the next one', async () => {
  const killed = await startChild(UPSTREAM, { PER_SECOND: '1000000' })
  const { port, outcome } = await front([originOf(killed)])
  const client = await RawClient.connect({ port })
  await client.send(asking({ length: 50_000_000 })).continue()
  client.send(Buffer.alloc(2_000_000))
  await until('content at the upstream', () => client.seen.length > 0)
  process.kill(killed.pid, 'SIGKILL')
  const failed = await client.final({ withinMs: 5000 })
  expect([failed.status, failed.json()]).toMatchObject([
    502,
    { error: { reason: 'upstream_failed' } },
  ])
  expect(await outcome()).toMatchObject({ spent: true, status: 502 })
})

test('kill -9 before the verdict: the next upstream takes the upload', async () => {
  const killed = await startChild(UPSTREAM)
  process.kill(killed.pid, 'SIGKILL')
  const takes = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(CONTINUE)
    await connection.content(5)
    connection.send(answer('200 OK'))
  })
  const client = await RawClient.connect(await front([originOf(killed), takes.origin]))
  await client.send(asking()).continue()
  expect((await client.send('hello').final()).status).toBe(200)
})

test('a frozen upstream (SIGSTOP) is silent, takes what its kernel takes, and ends with 504', async () => {
  const frozen = await startChild(UPSTREAM)
  process.kill(frozen.pid, 'SIGSTOP')
  const options = { continueTimeoutMs: 100, idleTimeoutMs: 400 }
  const { port, outcome } = await front([originOf(frozen)], options)
  const client = await RawClient.connect({ port })
  await client.send(asking({ length: 50_000_000 })).continue()
  client.send(Buffer.alloc(50_000_000))
  const late = await client.final({ withinMs: 10_000 })
  expect([late.status, late.json()]).toMatchObject([504, { error: { reason: 'upstream_timeout' } }])
  expect((await outcome()).attempts).toMatchObject([{ asked: true, verdict: 'silent' }])
})

test('a client that sends nothing after its 100 is let go with 408', async () => {
  const waits = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(CONTINUE)
    await connection.closed()
  })
  const { port } = await front([waits.origin], { idleTimeoutMs: 200 })
  const client = await RawClient.connect({ port })
  await client.send(asking({ length: 1000 })).continue()
  expect((await client.final()).status).toBe(408)
  await waits.connections[0]?.closed()
})

/** Looks until a number has stopped growing. */
async function settled(number: () => number): Promise<number> {
  let before = -1
  const look = async (): Promise<void> => {
    while (before !== number() || before === 0) {
      before = number()
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  await within('the flow to stop', look(), 10_000)
  return before
}

test('an upstream that takes nothing holds its client back', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.socket.pause()
    connection.send(CONTINUE)
  })
  const { port } = await front([upstream.origin])
  const client = await RawClient.connect({ port })
  await client.send(asking({ length: 200_000_000 })).continue()
  let sent = 0
  const send = async (): Promise<void> => {
    while (sent < 200_000_000) {
      await client.sendAll(Buffer.alloc(500_000), 15_000)
      sent += 500_000
    }
  }
  send().catch(() => undefined)
  // What the kernels of four sockets take, and no more.
  expect(await settled(() => sent)).toBeLessThan(60_000_000)
})

test('a slow client holds the upstream back', async () => {
  let sent = 0
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(`HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n`)
    const piece = Buffer.alloc(100_000)
    const more = (): void => {
      while (sent < 100_000_000) {
        sent += piece.length
        if (!connection.socket.write(piece)) return
      }
    }
    connection.socket.on('drain', more)
    more()
  })
  const { port } = await front([upstream.origin])
  const client = await RawClient.connect({ port })
  client.stopReading()
  client.send('GET /a HTTP/1.1\r\nHost: a\r\n\r\n')
  // What the kernels of three sockets take, and no more.
  expect(await settled(() => sent)).toBeLessThan(60_000_000)
})

test('server.close() while an upload waits for its verdict ends with the silence', async () => {
  const silent = await rawUpstream(async (connection) => {
    await connection.head()
    await connection.content(5)
    connection.send(answer('200 OK'))
  })
  const { port, server } = await front([silent.origin], { continueTimeoutMs: 100 })
  const client = await RawClient.connect({ port })
  client.send(asking())
  await until('the head at the upstream', () => silent.connections.length > 0)
  const closed = new Promise((resolve) => server.close(resolve))
  await client.continue()
  expect((await client.send('hello').final()).status).toBe(200)
  client.halfClose()
  await within('the server to close', closed)
})
