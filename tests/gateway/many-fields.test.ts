// Heads of more fields than Node keeps by itself: all of them are carried, or the client is told so
// (RFC 6585 section 5). A field that was dropped may be a policy, or a length.
import { dispatcher, gateway } from '@expectation/gateway'
import { startChild } from '../support/child.js'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { bare, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { http2Upstream } from './support/http2-upstream.js'
import { answer, rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()

const numbered = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `h${index}: 1`)

const LAST = 'Content-Security-Policy: none'

const manyFields = () =>
  rawUpstream(async (connection) => {
    for (;;) {
      await connection.head()
      connection.send(answer('200 OK', 'ok', [...numbered(1100), LAST]))
    }
  })

const get = head({ method: 'GET' })

test('an answer of 1102 fields arrives with the last of them', async () => {
  const { origin } = await manyFields()
  const client = await RawClient.connect(await front([origin]))
  const got = await client.send(get).final()
  expect([got.text, got.field('h1099'), got.field('content-security-policy')]).toEqual([
    'ok',
    '1',
    'none',
  ])
})

test('the same by dispatcher', async () => {
  const { origin } = await manyFields()
  const asked = dispatcher()
  afterThisTest(() => asked.destroy())
  const told = new Promise<unknown>((resolve, reject) => {
    asked.request({ origin, method: 'GET', path: '/' }, (error, got) => {
      if (got === undefined) reject(error)
      else resolve(got.headers['content-security-policy'])
      got?.body.resume()
    })
  })
  expect(await within('an answer', told)).toBe('none')
})

test.each(['http-proxy', 'express-http-proxy'])(
  'the same through %s behind askFirst',
  async (name) => {
    const { origin } = await manyFields()
    const { port } = await startChild(`
        import express from 'express'
    import { createProxyServer } from 'http-proxy'
    import expressProxy from 'express-http-proxy'
    import { askFirst } from '@expectation/gateway'
    const proxy = createProxyServer({ target: ${JSON.stringify(origin)} })
    const app = express()
    const through = { 'http-proxy': (a: any, b: any) => proxy.web(a, b),
      'express-http-proxy': expressProxy(${JSON.stringify(origin)}, { parseReqBody: false }) }
    app.use(askFirst(), through['${name}'])
    const server = app.listen(0, '127.0.0.1', () => console.log((server.address() as any).port))
  `)
    const client = await RawClient.connect({ port })
    const got = await client.send(get).final()
    expect([got.text, got.field('content-security-policy')]).toEqual(['ok', 'none'])
  },
)

test('an answer of 1102 fields over HTTP/2 too', async () => {
  const origin = await http2Upstream((stream) => {
    const lines = numbered(1100).map((line) => line.split(': ') as [string, string])
    const fields = { ...Object.fromEntries(lines), 'content-security-policy': 'none' }
    stream.respond({ ':status': 200, ...fields })
    stream.end('ok')
  })
  const client = await RawClient.connect(await front([origin], { http2: true }))
  const got = await client.send(get).final()
  expect([got.status, got.field('content-security-policy')]).toEqual([200, 'none'])
})

// On Node 20 the first ones are kept and the rest is dropped; later lines answer this by themselves.
test.each([
  ['1000 that Node keeps', undefined, 1000],
  ['62 that the server keeps', 62, 62],
  ['10 that the server keeps', 10, 10],
] as const)('a request of more than the %s is refused with 431', async (_what, limit, most) => {
  const { origin, connections } = await rawUpstream(async (connection) => {
    connection.send(answer('200 OK', await connection.head()))
  })
  const relay = gateway({ upstreams: [origin] })
  const server = await bare((request, response) => relay(request, response))
  if (limit !== undefined) server.server.maxHeadersCount = limit
  const put = (fields: number): string =>
    `${head({ method: 'PUT', lines: [...numbered(fields - 2), 'Content-Length: 3'] })}abc`
  for (const fields of [most + 1, most + 70]) {
    const client = await RawClient.connect(server)
    expect((await client.send(put(fields)).final()).status).toBe(431)
  }
  expect(connections).toHaveLength(0)
})

test('a request of exactly 1000 fields is carried', async () => {
  const { origin } = await rawUpstream(async (connection) => {
    connection.send(answer('200 OK', await connection.head()))
  })
  const relay = gateway({ upstreams: [origin] })
  const client = await RawClient.connect(
    await bare((request, response) => relay(request, response)),
  )
  const got = await client.send(head({ method: 'GET', lines: numbered(999) })).final()
  expect([got.status, got.text.includes('h998: 1')]).toEqual([200, true])
})
