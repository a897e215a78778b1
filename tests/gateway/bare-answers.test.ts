// Answers whose head is all there is of them (RFC 9110 section 6.4.1): Node keeps such a head until the end, and over
// HTTP/2 takes a 205 for one of them.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { gateway } from '@expectation/gateway'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { data, fields, framesUpstream } from './support/frames-upstream.js'
import { front } from './support/front.js'
import { http2Front } from './support/http2-front.js'
import { answer, rawUpstream } from './support/raw-upstream.js'
import { until } from './support/until.js'

forbidStrayErrors()
keepConsoleErrors()

test('a 205 that has content, for a client of HTTP/2: none, and no length of it', async () => {
  const { origin } = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(answer('205 Reset Content', 'hello'))
  })
  const { get } = await http2Front([origin])
  const { headers, content, reset } = await get()
  expect([headers[':status'], headers['content-length'], content, reset]).toEqual([
    205,
    undefined,
    '',
    0,
  ])
  const client = await RawClient.connect(await front([origin]))
  expect((await client.send(head({ method: 'GET' })).final()).text).toBe('hello')
})

test('a 204 that breaks off at once has its head', async () => {
  const { origin } = await framesUpstream([fields({ ':status': '204' }, false), data('x', true)])
  const client = await RawClient.connect(await front([origin], { http2: true }))
  const rest = await client.send(head({ method: 'GET' })).over()
  expect(rest).toMatch(/^HTTP\/1\.1 204 No Content\r\n/)
})

test.each([
  ['HEAD', 200],
  ['GET', 204],
  ['GET', 304],
])('%s, %i, whose end is late: its head goes out, byte for byte', async (method, status) => {
  for (const rejectNonStandardBodyWrites of [false, true]) {
    const late = [fields({ ':status': `${status}`, etag: '"h\xe9"' }, false)]
    const { origin } = await framesUpstream(late)
    const handler = gateway({ upstreams: [origin], http2: true })
    const server = http.createServer({ rejectNonStandardBodyWrites }, handler)
    const client = await RawClient.connect(await serve(attach(server, {})))
    client.send(head({ method }))
    await until('the head', () => client.seen.endsWith('\r\n\r\n'))
    expect(client.seen).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(client.seen).toMatch(/^etag: "h\xe9"\r$/im)
  }
})
