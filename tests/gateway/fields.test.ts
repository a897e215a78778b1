// What an upstream and a client get to see of each other's fields, and of the gateway.
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { answer, rawUpstream } from './support/raw-upstream.js'
import { until } from './support/until.js'

forbidStrayErrors()

/** Answers with the head that it got. */
const mirror = (lines: readonly string[] = []) =>
  rawUpstream(async (connection) => {
    for (;;) connection.send(answer('200 OK', await connection.head(), lines))
  })

type Options = Parameters<typeof front>[1]

async function mirrored(request: string, options: Options = {}): Promise<string> {
  const { origin } = await mirror()
  const client = await RawClient.connect(await front([origin], options))
  return (await client.send(request).final()).text
}

async function statusOf(request: string): Promise<number> {
  const { origin } = await mirror()
  const client = await RawClient.connect(await front([origin]))
  return (await client.send(request).final()).status
}

const get = (...lines: readonly string[]): string => head({ method: 'GET', target: '/a', lines })

/** Values of a field in a head. */
const field = (text: string, name: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^${name}: (.*)\r$`, 'gim'))].map(([, value]) => value ?? '')

test('hop-by-hop fields, and those that Connection names, stay on their connection', async () => {
  const seen = await mirrored(
    get(
      'Connection: close, X-Mine',
      'X-Mine: 1',
      'Keep-Alive: timeout=5',
      'Proxy-Connection: x',
      'X-Kept: 2',
    ),
  )
  expect(seen).not.toMatch(/^(x-mine|keep-alive|proxy-connection):/im)
  expect([field(seen, 'x-kept'), field(seen, 'connection')]).toEqual([['2'], ['keep-alive']])
})

test('the same of an answer', async () => {
  const { origin } = await mirror([
    'Connection: X-Mine',
    'X-Mine: 1',
    'Keep-Alive: timeout=99',
    'X-Kept: 2',
  ])
  const client = await RawClient.connect(await front([origin]))
  const got = await client.send(get()).final()
  expect(['x-mine', 'x-kept', 'keep-alive'].map((name) => got.field(name))).toEqual([
    undefined,
    '2',
    'timeout=5',
  ])
})

test('several lines of a name stay several; Cookie is one (RFC 6265 section 5.4)', async () => {
  const seen = await mirrored(get('Cookie: a=1', 'X-Two: 1', 'X-Two: 2', 'Cookie: b=2'))
  expect([field(seen, 'cookie'), field(seen, 'x-two')]).toEqual([['a=1; b=2'], ['1', '2']])
  const { origin } = await mirror(['Set-Cookie: a', 'Set-Cookie: b'])
  const client = await RawClient.connect(await front([origin]))
  expect((await client.send(get()).final()).values('set-cookie')).toEqual(['a', 'b'])
})

test('who the client was is made anew: nobody is trusted', async () => {
  const spoofed = [
    'X-Forwarded-For: 6.6.6.6',
    'X-Forwarded-Admin: 1',
    'Forwarded: for=6.6.6.6',
    'X-Real-IP: 6.6.6.6',
  ]
  const seen = await mirrored(get(...spoofed, 'Connection: X-Forwarded-For'))
  expect(seen).not.toContain('6.6.6.6')
  expect(seen).not.toContain('X-Forwarded-Admin')
  expect(
    ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'].flatMap((name) =>
      field(seen, name),
    ),
  ).toEqual(['127.0.0.1', 'http', 'localhost'])
})

test('a trusted peer is believed, and stands behind those it names', async () => {
  const trust = (address: string): boolean => address === '127.0.0.1'
  const lines = ['X-Forwarded-For: 6.6.6.6', 'X-Forwarded-Proto: https', 'Forwarded: for=6.6.6.6']
  const x = await mirrored(get(...lines), { trust })
  expect([
    field(x, 'x-forwarded-for'),
    field(x, 'x-forwarded-proto'),
    field(x, 'forwarded'),
  ]).toEqual([['6.6.6.6, 127.0.0.1'], ['https'], []])
  const rfc = await mirrored(get(...lines), { trust, forwarded: 'rfc7239' })
  expect(field(rfc, 'forwarded')).toEqual(['for=6.6.6.6, for=127.0.0.1;host=localhost;proto=http'])
  expect(field(rfc, 'x-forwarded-for')).toEqual([])
})

test('forwarded: false says nothing', async () => {
  expect(await mirrored(get('X-Forwarded-For: 6.6.6.6'), { forwarded: false })).not.toMatch(
    /forwarded/i,
  )
})

test('Via names the gateway; a request that has its name is a loop: 508', async () => {
  expect(field(await mirrored(get('Via: 1.0 other'), { via: 'edge' }), 'via')).toEqual([
    '1.0 other, 1.1 edge',
  ])
  const { origin, connections } = await mirror()
  const client = await RawClient.connect(await front([origin], { via: 'edge' }))
  const loop = await client.send(get('Via: 1.1 other (a, b), 1.1 Edge')).final()
  expect([loop.status, loop.json()]).toMatchObject([508, { error: { reason: 'upstream_loop' } }])
  expect(connections).toHaveLength(0)
})

test('two gateways of the default name in a row are no loop; one that leads to itself is', async () => {
  const { origin } = await mirror()
  const inner = await front([origin])
  const outer = await RawClient.connect(await front([inner.url]))
  expect(field((await outer.send(get()).final()).text, 'via')[0]).toMatch(
    /expectation .*expectation /,
  )
  let own = ''
  const circle = await front(() => [own])
  own = circle.url
  const client = await RawClient.connect(circle)
  expect((await client.send(get()).final()).status).toBe(508)
})

test.each([
  ['http://elsewhere.test/b?c', '/b?c', 'elsewhere.test'],
  ['http://elsewhere.test', '/', 'elsewhere.test'],
  ['//evil.test/b', '//evil.test/b', 'localhost'],
  ['/a/../b;c?d=//e', '/a/../b;c?d=//e', 'localhost'],
])('the target %s goes on as %s (RFC 9112 section 3.2)', async (target, sent, host) => {
  const upstream = await mirror()
  const client = await RawClient.connect(await front([upstream.origin]))
  const seen = (await client.send(head({ method: 'GET', target })).final()).text
  expect(seen.split(' ')[1]).toBe(sent)
  expect([field(seen, 'host'), field(seen, 'x-forwarded-host')]).toEqual([
    [new URL(upstream.origin).host],
    [host],
  ])
})

test('host: client keeps the Host of the client', async () => {
  expect(field(await mirrored(get(), { host: 'client' }), 'host')).toEqual(['localhost'])
})

test('a WebSocket handshake is refused clearly; another offer of an upgrade is ignored', async () => {
  const { origin, connections } = await mirror()
  const client = await RawClient.connect(await front([origin]))
  const refused = await client.send(get('Connection: upgrade', 'Upgrade: websocket')).final()
  expect([refused.status, refused.json()]).toMatchObject([
    501,
    { error: { details: 'WebSockets and other tunnels are not relayed here' } },
  ])
  expect(connections).toHaveLength(0)
  const ignored = await client.send(get('Connection: upgrade', 'Upgrade: h2c')).final()
  expect([ignored.status, /upgrade/i.test(ignored.text)]).toEqual([200, false])
})

test('Max-Forwards is counted down; with 0 the gateway answers (RFC 9110 section 7.6.2)', async () => {
  const options = (number: number): string =>
    head({ method: 'OPTIONS', target: '*', lines: [`Max-Forwards: ${number}`] })
  expect(field(await mirrored(options(3)), 'max-forwards')).toEqual(['2'])
  const { origin, connections } = await mirror()
  const client = await RawClient.connect(await front([origin]))
  expect((await client.send(options(0)).final()).status).toBe(204)
  expect(connections).toHaveLength(0)
})

test.each([true, false])(
  'a byte above 0x7f stays one byte, asked: %s (RFC 9110 section 5.5)',
  async (asks) => {
    const upstream = await rawUpstream(async (connection) => {
      const seen = await connection.head()
      connection.send(
        Buffer.from(answer('200 OK', '', [`X-Seen: ${field(seen, 'x-name')}`]), 'latin1'),
      )
    })
    const client = await RawClient.connect(await front([upstream.origin]))
    const lines = ['X-Name: Zo\xeb']
    client.send(Buffer.from(asks ? asking({ lines }) : head({ length: 5, lines }), 'latin1'))
    expect((await client.final()).field('x-seen')).toBe('Zo\xeb')
  },
)

test('the head of a late answer keeps its bytes, too', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(
      Buffer.from('HTTP/1.1 200 OK\r\nX: \xeb\r\nContent-Length: 1\r\n\r\n', 'latin1'),
    )
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  client.send(get())
  await until('the head', () => client.seen.includes('\r\n\r\n'))
  expect(client.seen).toContain('X: \xeb\r\n')
})

test.each([
  ['OPTIONS', 'http://a.test', '*'],
  ['OPTIONS', 'http://a.test:80', '*'],
  ['OPTIONS', '*', '*'],
  ['OPTIONS', 'http://a.test/', '/'],
  ['OPTIONS', 'http://a.test?b', '/?b'],
  ['GET', 'http://a.test', '/'],
])('%s %s goes on as %s (RFC 9112 section 3.2.4)', async (method, target, sent) => {
  expect(await mirrored(head({ method, target }))).toMatch(
    new RegExp(`^${method} ${sent.replaceAll(/[*?]/g, '\\$&')} HTTP/1\\.1\r\n`),
  )
})

const OF_OURS = [
  'http:///b',
  'http://',
  'http://:80/b',
  'http://user@a.test/b',
  'http://a.test:x/b',
]

test.each(OF_OURS)('the target %s names no host: 400 (RFC 9110 section 4.2)', async (target) => {
  expect(await statusOf(head({ method: 'GET', target }))).toBe(400)
})

test.each(['a/b', 'a?b', 'u@a', 'a, b', 'a b', '"a"', 'a:b', '[a', '\xe9'])(
  'Host: %s is none: 400 (RFC 9112 section 3.2)',
  async (host) => {
    expect(await statusOf(`GET /a HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toBe(400)
    expect(await statusOf(`GET http://a/b HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toBe(400)
  },
)

test.each(['', 'a', 'A_b.c:80', 'a:', '127.0.0.1:1', '[::1]:1', '%61', "a!$&'()*+,;=~-"])(
  'Host: %s is one (RFC 3986 section 3.2.2)',
  async (host) => {
    const seen = await mirrored(`GET /a HTTP/1.1\r\nHost: ${host}\r\n\r\n`, { host: 'client' })
    expect(field(seen, 'host')).toEqual([host])
  },
)

test('names that CGI reads as those of the gateway stay behind (RFC 3875 section 4.1.18)', async () => {
  const lines = [
    'X_Forwarded_For: 6.6.6.6',
    'content_length: 9',
    'TRANSFER_ENCODING: x',
    'X_Other: 1',
  ]
  const seen = await mirrored(get(...lines))
  expect(seen).not.toMatch(/6\.6\.6\.6|content_length|transfer_encoding/i)
  expect(field(seen, 'x_other')).toEqual(['1'])
})

test.each(['POST', 'PURGE', 'PROPFIND', 'MKCOL', 'QUERY'])(
  '%s without content is not given an empty one in chunks (RFC 9110 section 8.6)',
  async (method) => {
    const seen = await mirrored(head({ method }))
    expect(field(seen, 'transfer-encoding')).toEqual([])
    expect(field(seen, 'content-length')).toEqual(['0'])
  },
)
