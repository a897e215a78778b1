// RFC 9112 section 9.6, R27: a server MUST NOT process a request behind the one whose response said close,
// whoever has said it. The client sees that answer, and whoever was dispatched before is told no lies.
import http, { type RequestListener } from 'node:http'
import { pipeline } from 'node:stream'
import { attach } from '@expectation/core/node'
import * as forExpress from '@expectation/express'
import express from 'express'
import { openConnections, reachConnections } from '../support/open-connections.js'
import { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'
import { bare, latch, type Running, serve, within } from '../support/server.js'

/** Out of reach: nothing here may be left to a bound. */
const linger = { idleMs: 60_000, totalMs: 60_000 }

function attached(listener: RequestListener): Promise<Running> {
  return serve(attach(http.createServer(listener), { linger }))
}

const withoutHost = 'GET /hostless HTTP/1.1\r\n\r\n'
const get = head({ method: 'GET', target: '/behind' })
const post = `${head({ method: 'POST', target: '/behind', length: 4 })}data`
const later = asking({ method: 'POST', target: '/later', length: 0 })

/** Served one after the other, `/later` a turn later; what is dispatched is noted. */
async function noting(wrap: (listener: RequestListener) => Promise<Running>) {
  const dispatched: (string | undefined)[] = []
  const running = await wrap((req, res) => {
    dispatched.push(req.url)
    if (req.url === '/later') setTimeout(() => res.end('later'), 20)
    else if (req.url === '/closes') res.writeHead(200, { Connection: 'close' }).end('closes')
    else req.resume().on('end', () => res.end('behind'))
  })
  return { dispatched, running }
}

const closes = head({ method: 'GET', target: '/closes' })

test.each([
  ['the application, of a GET', closes + get, ['/closes']],
  ['the application, of a GET; content behind it', closes + post, ['/closes']],
  ['Node, of a request without Host', withoutHost + post, []],
  [
    'Node, of a request without Host with content',
    `GET / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx${post}`,
    [],
  ],
  [
    'Node, of a request without Host that waits for its turn',
    later + withoutHost + post,
    ['/later'],
  ],
])(
  'MUST NOT: what stands behind the close of %s, is not dispatched',
  async (_who, bytes, right) => {
    const { dispatched, running } = await noting(attached)
    const client = await RawClient.connect(running)
    client.send(bytes)
    const answers = (await client.fin()).match(/HTTP\/1\.1 \d+/g)
    expect(dispatched).toEqual(right)
    expect(answers).toHaveLength(right.includes('/closes') ? 1 : right.length + 1)
  },
)

test('plain Node dispatches it', async () => {
  const { dispatched, running } = await noting(bare)
  const client = await RawClient.connect(running)
  client.send(closes + post)
  await client.fin()
  expect(dispatched).toEqual(['/closes', '/behind'])
})

test.each([
  ['a request that asks', asking({ length: 2 })],
  ['one that does not', head({ length: 2 })],
])('MUST NOT: nor behind an answer that is out and not ended: %s', async (_what, first) => {
  const dispatched: (string | undefined)[] = []
  const ends = latch()
  const running = await attached(async (req, res) => {
    dispatched.push(req.url)
    res.writeHead(401, { Connection: 'close', 'Content-Length': 2 }).write('no')
    await ends.opened
    res.end()
  })
  const client = await RawClient.connect(running)
  client.send(`${first}hi`)
  expect((await client.final()).text).toBe('no')
  await client.sendAll(get)
  await new Promise((resolve) => setTimeout(resolve, 30))
  ends.open()
  expect(await client.fin()).toBe('')
  expect(dispatched).toEqual(['/files/a'])
})

test('R28: a close that only an unanswered expectation asked for is no word of the client', async () => {
  const answered = latch()
  const running = await attached((req, res) => {
    res.writeHead(200).once('close', () => answered.open())
    pipeline(req, res, () => undefined)
  })
  const client = await RawClient.connect(running)
  await client.sendAll(asking())
  await client.continue()
  await client.sendAll('hello')
  expect((await client.final()).text).toBe('hello')
  await within('the answer to be over', answered.opened)
  // Sent before the client has heard of the close: a reset would take the answer with it.
  await client.sendAll(`${head({ length: 100_000 })}${'b'.repeat(100_000)}`)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await openConnections(running.server)).toBe(1)
  client.destroy()
  await reachConnections(running.server, 0)
})

test('law 0: a handler that reads late never takes cut content for all of it', async () => {
  const told = latch<string>()
  const running = await attached(async (req, res) => {
    if (req.url === '/first') {
      setTimeout(() => res.writeHead(200, { Connection: 'close' }).end('first'), 30)
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 80))
    try {
      let bytes = 0
      for await (const part of req) bytes += String(part).length
      told.open(`all of it: ${bytes}`)
    } catch {
      told.open('an error')
    }
  })
  const client = await RawClient.connect(running)
  client.send(
    `${head({ target: '/first', length: 1 })}x${head({ target: '/late', length: 9 })}half`,
  )
  expect((await client.final()).text).toBe('first')
  client.destroy()
  expect(await within('the reader to be told', told.opened)).toBe('an error')
})

/** A head that Node keeps back until the first byte of the content goes out. */
const echoes: RequestListener = (req, res) => {
  res.writeHead(200, { 'Content-Type': 'text/plain' })
  pipeline(req, res, () => undefined)
}

const overLimit = { linger, maxContentLength: 10 }
const echoing: Readonly<Record<string, () => http.Server>> = {
  'a bare server': () => attach(http.createServer(echoes), overLimit),
  Express: () =>
    http.createServer(
      express()
        .use(forExpress.expectation(overLimit))
        .use((req, res) => echoes(req, res)),
    ),
}

test.each(Object.keys(echoing))(
  'SHOULD: content over the limit is answered while nothing of the head is out: %s',
  async (name) => {
    const client = await RawClient.connect(await serve(echoing[name]?.() ?? http.createServer()))
    client.send(head({ chunked: true }))
    await new Promise((resolve) => setTimeout(resolve, 20))
    client.send(chunks('far more than ten'))
    const answer = await client.final()
    expect([answer.status, answer.field('connection')]).toEqual([413, 'close'])
    expect(JSON.parse(answer.text).error.reason).toBe('content_too_large')
  },
)
