// Interim responses, trailer fields, versions: what comes between the heads.
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { answer, CONTINUE, rawUpstream } from './support/raw-upstream.js'
import { until } from './support/until.js'

forbidStrayErrors()
keepConsoleErrors()

const interim = (status: string, ...lines: string[]) =>
  `HTTP/1.1 ${[status, ...lines].join('\r\n')}\r\n\r\n`
const hints = interim('103 Early Hints', 'Link: </a>; rel=preload', 'Connection: x', 'X: 1')

test('103, 102 and 104 are passed on in order, 100 is our own (RFC 9110 section 15.2)', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(hints + CONTINUE + interim('102 Processing'))
    await connection.content(5)
    connection.send(interim('104 Upload Resumption Supported', 'Location: /u/1'))
    connection.send(answer('200 OK'))
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  client.send(asking())
  const early = await client.next()
  // Hop-by-hop fields of the upstream's connection stay there (RFC 9110 section 7.6.1).
  expect([early.status, early.fields]).toEqual([103, [['Link', '</a>; rel=preload']]])
  await client.continue()
  expect((await client.next()).status).toBe(102)
  client.send('hello')
  const resumable = await client.next()
  expect([resumable.status, resumable.field('location')]).toEqual([104, '/u/1'])
  expect((await client.final()).status).toBe(200)
})

test('of a doubled 100, and one with fields, the client sees one, bare', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(interim('100 Continue', 'X: 1') + CONTINUE + CONTINUE)
    await connection.content(5)
    connection.send(answer('200 OK'))
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  await client.send(asking()).continue()
  expect((await client.send('hello').final()).status).toBe(200)
})

test('an upstream that sends interim responses without end is given up: 502', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(hints.repeat(30))
    await connection.closed()
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  client.send(head({ method: 'GET' }))
  let seen = 0
  let response = await client.next()
  for (; response.status === 103; response = await client.next()) seen += 1
  expect([seen, response.status]).toEqual([16, 502])
})

test('interim: false keeps them back', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(hints + answer('200 OK'))
  })
  const client = await RawClient.connect(await front([upstream.origin], { interim: false }))
  expect((await client.send(head({ method: 'GET' })).final()).status).toBe(200)
})

test('a client of HTTP/1.0 gets no 1xx and no chunks (RFC 9110 section 15.2, RFC 9112 section 7)', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(hints + CONTINUE)
    await connection.content(5)
    connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
    connection.send(chunks('sto', 'red'))
  })
  const client = await RawClient.connect(await front([upstream.origin], { ask: 'always' }))
  client.send(`${asking({ version: '1.0' })}hello`)
  const old = await client.final()
  expect([old.text, old.framing, old.field('transfer-encoding')]).toEqual([
    'stored',
    'close',
    undefined,
  ])
})

test('trailer fields pass both ways, without those that must not be there (RFC 9110 section 6.5.1)', async () => {
  let got = ''
  let asked = ''
  const upstream = await rawUpstream(async (connection) => {
    asked = await connection.head()
    connection.send(CONTINUE)
    got = await connection.until('X-Sum: 1\r\n\r\n')
    connection.send(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Back, Content-Length\r\n\r\n',
    )
    connection.send('2\r\nok\r\n0\r\nX-Back: 2\r\nSet-Cookie: a\r\n\r\n')
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  const lines = ['Trailer: X-Sum', 'TE: trailers']
  await client.send(head({ expect: '100-continue', chunked: true, lines })).continue()
  client.send('5\r\nhello\r\n0\r\nHost: evil\r\nX-Sum: 1\r\n\r\n')
  // RawClient calls trailers malformed, so the bytes are looked at.
  await until('the last chunk', () => /\r\n0\r\n.*\r\n\r\n/s.test(client.seen))
  expect(client.seen).toContain('Trailer: X-Back\r\n')
  expect(client.seen.toLowerCase()).toContain('0\r\nx-back: 2\r\n\r\n')
  expect(client.seen).not.toMatch(/set-cookie/i)
  expect(got).toMatch(/0\r\nX-Sum: 1\r\n\r\n$/)
  expect(got).not.toMatch(/evil/)
  expect(asked).toMatch(/^TE: trailers\r$/m)
  expect(asked).toMatch(/^Connection: TE, keep-alive\r$/m)
})

test('an echo that answers while content comes gets all of it, and the client too', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(CONTINUE)
    connection.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n')
    for (let at = 0; at < 10; at += 1) connection.send(await connection.content(1))
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  await client.send(asking({ length: 10 })).continue()
  client.send('01234')
  await until('half the echo', () => client.seen.endsWith('01234'))
  const echoed = await client.send('56789').final()
  expect([echoed.status, echoed.text]).toEqual([200, '0123456789'])
})

test('the head of an answer goes out when its content is late', async () => {
  let finish: () => void = () => undefined
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n')
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    connection.send('late')
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  client.send(head({ method: 'GET' }))
  await until('the head', () => client.seen.includes('\r\n\r\n'))
  finish()
  expect((await client.final()).text).toBe('late')
})

test.each([
  ['HEAD', '200 OK', ['Content-Length: 400']],
  ['GET', '304 Not Modified', ['ETag: "1"']],
  ['GET', '204 No Content', []],
] as const)(
  '%s, %s: no content, and the next answer is the next one',
  async (method, status, lines) => {
    const upstream = await rawUpstream(async (connection) => {
      await connection.head()
      connection.send(`HTTP/1.1 ${[status, ...lines].join('\r\n')}\r\n\r\n`)
      await connection.head()
      connection.send(answer('200 OK', 'next'))
    })
    const client = await RawClient.connect(await front([upstream.origin]))
    const empty = await client.send(head({ method })).final({ method })
    expect([empty.status, empty.text]).toEqual([Number(status.slice(0, 3)), ''])
    for (const line of lines) expect(client.seen).toContain(line)
    expect((await client.send(head({ method: 'GET' })).final()).text).toBe('next')
    expect(upstream.connections).toHaveLength(1)
  },
)
