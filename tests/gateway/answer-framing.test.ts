// How an upstream delimits its answer. A transfer coding that nobody asked for (`TE`) cannot be taken off
// again, so what comes under it is no content (RFC 9112 sections 6.1, 6.3 and 7).

import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { answer, type RawUpstream, rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()
keepConsoleErrors()

/** The first connection answers so, and stays open; later ones answer `next`. */
function answering(bytes: string): Promise<RawUpstream> {
  return rawUpstream(async (connection) => {
    for (;;) {
      await connection.head()
      connection.send(connection.index === 0 ? bytes : answer('200 OK', 'next'))
    }
  })
}

const coded = (coding: string, version = '1.1', status = '200 OK'): string =>
  `HTTP/${version} ${status}\r\nConnection: keep-alive\r\nTransfer-Encoding: ${coding}\r\n\r\n`
const CHUNKS = '5\r\nhello\r\n0\r\n\r\n'

test.each([
  ['gzip, chunked', coded('gzip, chunked') + CHUNKS],
  ['chunked twice', coded('chunked\r\nTransfer-Encoding: chunked') + CHUNKS],
  ['chunked that is not the last', coded('chunked, identity') + CHUNKS],
  ['gzip', `${coded('gzip')}hello`],
  ['identity', `${coded('identity')}hello`],
  ['a coding that nobody knows', coded('xchunked') + CHUNKS],
  ['another version of HTTP', 'HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
])('%s: 502, and none of it is content', async (_what, bytes) => {
  const upstream = await answering(bytes)
  const client = await RawClient.connect(await front([upstream.origin]))
  const failed = await client.send(head({ method: 'GET' })).final()
  expect([failed.status, failed.json()]).toMatchObject([
    502,
    { error: { reason: 'upstream_failed' } },
  ])
  expect((await client.send(head({ method: 'GET' })).final()).text).toBe('next')
})

test('another upstream is asked, when there is one', async () => {
  const odd = await answering(coded('gzip, chunked') + CHUNKS)
  const sane = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(answer('200 OK', 'sane'))
  })
  const client = await RawClient.connect(await front([odd.origin, sane.origin]))
  expect((await client.send(head({ method: 'GET' })).final()).text).toBe('sane')
})

test.each([
  ['chunked', coded('chunked') + CHUNKS],
  ['Chunked', coded('Chunked') + CHUNKS],
])('%s is understood, and its connection kept', async (_what, bytes) => {
  const upstream = await answering(bytes)
  const client = await RawClient.connect(await front([upstream.origin]))
  expect((await client.send(head({ method: 'GET' })).final()).text).toBe('hello')
  expect((await client.send(head({ method: 'GET' })).final()).text).toBe('hello')
  expect(upstream.connections).toHaveLength(1)
})

test('with a coding in HTTP/1.0 more may follow: the connection serves nobody else (section 6.1)', async () => {
  const upstream = await answering(coded('chunked', '1.0') + CHUNKS)
  const client = await RawClient.connect(await front([upstream.origin]))
  expect((await client.send(head({ method: 'GET' })).final()).text).toBe('hello')
  await upstream.connections[0]?.closed()
  expect((await client.send(head({ method: 'GET' })).final()).text).toBe('next')
})

test('to HEAD and in a 304 a coding says what a GET would bring, and frames nothing', async () => {
  const upstream = await rawUpstream(async (connection) => {
    for (;;) {
      const isHead = (await connection.head()).startsWith('HEAD')
      connection.send(coded('gzip, chunked', '1.1', isHead ? '200 OK' : '304 Not Modified'))
    }
  })
  const client = await RawClient.connect(await front([upstream.origin]))
  expect((await client.send(head({ method: 'GET' })).final()).status).toBe(304)
  expect((await client.send(head({ method: 'HEAD' })).final({ method: 'HEAD' })).status).toBe(200)
})
