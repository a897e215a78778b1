// What an upstream can do wrong in its answer, on raw sockets, and what the client sees: the second part
// of the table of failures in docs/gateway.md.
import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { certificate } from '../support/certificate.js'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { behindTls } from './support/behind-tls.js'
import { data, fields, framesUpstream, reset } from './support/frames-upstream.js'
import { front } from './support/front.js'
import { http2Upstream } from './support/http2-upstream.js'
import { answer, CONTINUE, rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()
keepConsoleErrors()

const put = (length = 5): string => asking({ length, target: '/a' })

for (const rude of [false, true]) {
  test(`an early 413 while content comes, ${rude ? 'with a reset behind it' : 'orderly'}`, async () => {
    const upstream = await rawUpstream(async (connection) => {
      await connection.head()
      connection.send(CONTINUE)
      await connection.content(100_000)
      if (rude) {
        connection.socket.pause()
        connection.socket.write(answer('413 Content Too Large', 'big', ['Connection: close']), () =>
          connection.socket.destroy(),
        )
      } else {
        connection.end(answer('413 Content Too Large', 'big', ['Connection: close']))
      }
    })
    const client = await RawClient.connect(await front([upstream.origin]))
    await client.send(put(50_000_000)).continue()
    client.send(Buffer.alloc(3_000_000))
    const early = await client.final({ withinMs: 5000 })
    expect([early.status, early.text, early.field('connection')]).toEqual([413, 'big', 'close'])
  })
}

test('an early 200 on a connection that is kept: relayed, and the upstream is let go', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(CONTINUE)
    await connection.content(3)
    connection.send(answer('200 OK', 'enough'))
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  await client.send(put(50_000_000)).continue()
  client.send('hello')
  const early = await client.final()
  expect([early.status, early.field('connection')]).toEqual([200, 'close'])
  await upstream.connections[0]?.closed()
})

test('a 200 in pieces in place of the 100: nobody asks the client (RFC 9110 section 10.1.1)', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nnot\r\n')
    await new Promise((resolve) => setTimeout(resolve, 50))
    connection.send('5\r\n that\r\n0\r\n\r\n')
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  const early = await client.send(put(50_000_000)).final()
  expect([early.status, early.text, early.field('connection')]).toEqual([200, 'not that', 'close'])
  await upstream.connections[0]?.closed()
})

test('a second answer behind the first is nobody’s', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(answer('200 OK', 'mine') + answer('200 OK', 'evil'))
    await connection.closed()
  })
  const { port } = await front([upstream.origin])
  const client = await RawClient.connect({ port })
  expect((await client.send(head({ method: 'GET' })).final()).text).toBe('mine')
  expect((await client.send(head({ method: 'GET' })).final()).text).toBe('mine')
  expect(upstream.connections).toHaveLength(2)
  expect(client.unread).toBe('')
})

test('an answer that comes on an idle connection is not taken for the next request’s', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(answer('200 OK', 'mine'))
    if (connection.index > 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
    connection.send(answer('200 OK', 'evil'))
    await connection.closed()
  })
  const { port } = await front([upstream.origin])
  const client = await RawClient.connect({ port })
  expect((await client.send(head({ method: 'GET' })).final()).text).toBe('mine')
  await upstream.connections[0]?.closed()
  expect((await client.send(head({ method: 'GET' })).final()).text).toBe('mine')
})

test.each([
  ['no HTTP', 'garbage\r\n\r\n'],
  [
    'both framings',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'a protocol that nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
  ],
  ['a status that is none', 'HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n'],
])('an answer with %s: 502', async (_what, bytes) => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(bytes)
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  const failed = await client.send(put()).final()
  expect([failed.status, failed.json()]).toMatchObject([
    502,
    { error: { reason: 'upstream_failed' } },
  ])
})

test('half an answer is cut, never ended', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  const rest = await client.send(head({ method: 'GET' })).over()
  expect(rest.split('\r\n\r\n')[1]).toBe('half')
  expect(rest).toContain('Content-Length: 10')
})

test('over HTTP/2 an answer that is shorter than its length keeps its head (RFC 9113 section 8.1.1)', async () => {
  const upstream = await http2Upstream((stream) => {
    stream.respond({ ':status': 403, 'content-length': '10' })
    stream.end('half')
  })
  const client = await RawClient.connect(await front([upstream], { http2: true }))
  const rest = await client.send(head({ method: 'GET' })).over()
  expect(rest).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[\s\S]*Content-Length: 10\r\n/)
})

describe('over HTTP/2 a handler of Node resets without an error what it gives up, and what it ends early', () => {
  const given = (headers: OutgoingHttpHeaders, content: string) =>
    http2Upstream((stream) => {
      stream.respond(headers)
      stream.write(content, () => setTimeout(() => stream.destroy(), 20))
    })

  test('half a 200 without a length is cut', async () => {
    const upstream = await given({ ':status': 200 }, 'half')
    const client = await RawClient.connect(await front([upstream], { http2: true }))
    const rest = await client.send(head({ method: 'GET' })).over()
    expect(rest).toContain('4\r\nhalf\r\n')
    expect(rest).not.toContain('0\r\n\r\n')
  })

  test('a 200 that has its length is whole', async () => {
    const upstream = await given({ ':status': 200, 'content-length': '5' }, 'whole')
    const client = await RawClient.connect(await front([upstream], { http2: true }))
    expect((await client.send(head({ method: 'GET' })).final()).text).toBe('whole')
  })

  test('a refusal arrives while content is coming', async () => {
    const upstream = await given({ ':status': 413 }, 'too large')
    const client = await RawClient.connect(await front([upstream], { http2: true }))
    const refused = await client.send(`${head({ length: 20 })}some`).final()
    expect([refused.status, refused.text]).toEqual([413, 'too large'])
  })

  const pieces = (count: number) => chunks(...Array.from({ length: count }, () => 'x'.repeat(4096)))
  test.each([
    ['content that is all handed over', pieces(3)],
    ['more content than that', pieces(25)],
  ])('a reset in place of an answer is 502 at once, with %s in its way', async (_what, content) => {
    const reset = (stream: ServerHttp2Stream) => void setTimeout(() => stream.close(), 50)
    const upstream = await http2Upstream(reset, { initialWindowSize: 1000 })
    const options = { http2: true, ask: 'never' } as const
    const client = await RawClient.connect(await front([upstream], options))
    client.send(head({ chunked: true }) + content)
    expect((await client.final()).status).toBe(502)
  })
})

test.each([
  ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nhel'],
  ['that closes', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhel'],
])('an answer without a length %s that ends by a reset is cut, too', async (_what, bytes) => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(bytes)
    await new Promise((resolve) => setTimeout(resolve, 50))
    connection.reset()
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  const rest = await client.send(head({ method: 'GET' })).over()
  expect(rest).toContain('3\r\nhel\r\n')
  expect(rest).not.toContain('0\r\n\r\n')
})

test('half an answer in chunks is cut before its last chunk', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n')
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  const rest = await client.send(head({ method: 'GET' })).over()
  expect(rest).toContain('half')
  expect(rest).not.toContain('0\r\n\r\n')
})

test('a pipelined GET behind a refused PUT is not dispatched (RFC 9112 section 9.3.2)', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(answer('401 Unauthorized'))
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  await client.send(put() + head({ method: 'GET', target: '/b' })).final()
  expect(await client.fin()).toBe('')
  expect(upstream.connections).toHaveLength(1)
})

test.each([
  ['NO_ERROR', 0],
  ['INTERNAL_ERROR', 2],
  ['CANCEL, as of HAProxy', 8],
])('over HTTP/2 a whole answer, and its stream reset at once: %s', async (_name, code) => {
  const refused = [fields({ ':status': '403' }, false), data('not here', true), reset(code)]
  const origin = await behindTls((await framesUpstream(refused)).port)
  const tls = { ca: certificate.cert }
  const running = await front([origin], { http2: true, tls, ask: 'never' })
  const upload = head({ length: 500_000 }) + 'x'.repeat(500_000)
  // Many, as Node hands over all frames of one packet in one turn only where it begins a request meanwhile.
  const all = Array.from({ length: 8 }, async () => {
    const answers: string[] = []
    for (let round = 0; round < 20; round += 1) {
      const client = await RawClient.connect(running)
      const { status, text } = await client.send(upload).final()
      answers.push(`${status} ${text}`)
    }
    return answers
  })
  expect(new Set((await Promise.all(all)).flat())).toEqual(new Set(['403 not here']))
})
