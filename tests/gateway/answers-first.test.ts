// A service that knows no expectation may answer before it reads, as an echo does, or a call of gRPC in both
// directions. Its 2xx in place of a 100 that the client did not ask for is no refusal to read (RFC 9110 section
// 10.1.1 leaves a client that has waited to send).
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { askFirst, dispatcher, gateway } from '@expectation/gateway'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'
import { standStill } from '../support/stand-still.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { http2Upstream } from './support/http2-upstream.js'
import { answer, type RawUpstream, rawUpstream, type Script } from './support/raw-upstream.js'
import { until } from './support/until.js'

forbidStrayErrors()
keepConsoleErrors()

const OPENS = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

/** Gives its head, then each chunk back; keeps the heads that came. */
async function echo() {
  const heads: string[] = []
  const script: Script = async (connection) => {
    heads.push(await connection.head())
    connection.send(OPENS)
    for (let chunk = ''; chunk !== '0\r\n\r\n'; ) {
      chunk = `${await connection.until('\r\n')}${await connection.until('\r\n')}`
      connection.send(chunk)
    }
    connection.end()
  }
  return { ...(await rawUpstream(script)), heads }
}

async function echo2() {
  const heads: string[] = []
  const origin = await http2Upstream((stream, lines) => {
    heads.push(lines.includes('expect') ? 'expect: 100-continue' : '')
    stream.on('error', () => undefined)
    stream.respond({ ':status': 200 })
    stream.on('data', (piece) => stream.write(piece))
    stream.on('end', () => stream.end())
  })
  return { origin, heads }
}

const WAYS = {
  gateway: (origin: string, continueTimeoutMs = 20_000) =>
    gateway({ upstreams: [origin], continueTimeoutMs }),
  'gateway, HTTP/2': (origin: string, continueTimeoutMs = 20_000) =>
    gateway({ upstreams: [origin], continueTimeoutMs, http2: true }),
  dispatcher(origin: string, continueTimeoutMs = 20_000): http.RequestListener {
    const asked = dispatcher({ continueTimeoutMs })
    afterThisTest(() => asked.destroy())
    return (request, response) => {
      const { method = '', url: path = '', headers } = request
      asked.request({ origin, method, path, headers, body: request }, (error, got) => {
        if (got === undefined) throw error
        response.writeHead(got.statusCode).flushHeaders()
        got.body.pipe(response)
      })
    }
  },
  askFirst: (origin: string, continueTimeoutMs = 20_000): http.RequestListener => {
    const middleware = askFirst({ continueTimeoutMs })
    return (request, response) =>
      middleware(request, response, () => {
        const { method, url: path, headers } = request
        const to = http.request(origin, { method, path, headers, agent: false })
        to.on('error', () => response.destroy())
        to.on('response', (got) => {
          response.writeHead(got.statusCode ?? 0).flushHeaders()
          got.pipe(response)
        })
        request.pipe(to)
      })
  },
} as const

const names = ['gateway', 'gateway, HTTP/2', 'dispatcher', 'askFirst'] as const

test.each(names)('%s: content goes on while the answer lasts, each time anew', async (way) => {
  const upstream = way === 'gateway, HTTP/2' ? await echo2() : await echo()
  const server = http.createServer(WAYS[way](upstream.origin))
  const running = await serve(attach(server, {}))
  for (let time = 0; time < 2; time += 1) {
    const client = await RawClient.connect(running)
    client.send(head({ method: 'POST', chunked: true }))
    // Each piece is sent when the one before it has come back.
    for (const piece of ['one', 'two']) {
      client.send(`3\r\n${piece}\r\n`)
      await until(piece, () => client.seen.includes(piece))
    }
    const { status, text } = await client.send('0\r\n\r\n').final()
    expect([status, text]).toEqual([200, 'onetwo'])
    // One route that answers first says nothing of the others: they are asked, and may refuse.
    expect(upstream.heads.at(-1)).toMatch(/^expect:/im)
  }
})

const bytesAt = ({ connections }: RawUpstream): number =>
  connections.reduce((sum, { unread }) => sum + unread.length, 0)

test.each(['gateway', 'dispatcher', 'askFirst'] as const)(
  '%s: a refusal that came while the process stood still is in time, and costs no content',
  async (way) => {
    const upstream = await rawUpstream(async (connection) => {
      await connection.head()
      connection.send(answer('413 Content Too Large', 'no'))
      standStill(300)
      await connection.closed()
    })
    const server = http.createServer(WAYS[way](upstream.origin, 200))
    const client = await RawClient.connect(await serve(attach(server, {})))
    const refused = await client.send(head({ length: 1_000_000 }) + 'x'.repeat(1000)).final()
    expect([refused.status, refused.text]).toEqual([413, 'no'])
    await upstream.connections[0]?.closed()
    expect(bytesAt(upstream)).toBe(0)
  },
)

test('an answer that is whole at once costs no content, and the upstream is asked again', async () => {
  const heads: string[] = []
  const upstream = await rawUpstream(async (connection) => {
    heads.push(await connection.head())
    connection.send(answer('200 OK', 'known'))
    await connection.closed()
  })
  const running = await front([upstream.origin])
  for (let at = 0; at < 2; at += 1) {
    const client = await RawClient.connect(running)
    const early = await client.send(head({ length: 1_000_000 }) + 'x'.repeat(1000)).final()
    expect([early.status, early.text, early.field('connection')]).toEqual([200, 'known', 'close'])
    await upstream.connections[at]?.closed()
  }
  expect(bytesAt(upstream)).toBe(0)
  expect(heads.every((text) => /^expect:/im.test(text))).toBe(true)
})

test('a refusal in pieces costs no content either', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send('HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nnot\r\n')
    await new Promise((resolve) => setTimeout(resolve, 50))
    connection.send('5\r\n here\r\n0\r\n\r\n')
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  const refused = await client.send(head({ length: 1_000_000 }) + 'x'.repeat(1000)).final()
  expect([refused.status, refused.text]).toEqual([403, 'not here'])
  await upstream.connections[0]?.closed()
  expect(bytesAt(upstream)).toBe(0)
})
