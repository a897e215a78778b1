// A limit that is passed while content comes (RFC 9110 section 15.5.14): a plugin gets the refusal as the error of its
// request, and answers with an error of its own that has the refusal as its cause. The client gets the refusal.
import type { WireResponse } from '@expectation/conformance'
import { startChild } from '../support/child.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { type RawUpstream, rawUpstream } from './support/raw-upstream.js'
import { until } from './support/until.js'

forbidStrayErrors()

const put = head({ chunked: true, type: 'application/octet-stream' })

/** Sends what passes the limit when the upstream has what came before it. */
async function tooMuch(client: RawClient, { connections }: RawUpstream): Promise<WireResponse> {
  client.send(`${put}258\r\n${'x'.repeat(600)}\r\n`)
  await until('some content', () => connections[0]?.unread.includes('x') === true)
  return client.send(`258\r\n${'y'.repeat(600)}\r\n`).final()
}

const takes = () => rawUpstream((connection) => connection.closed())

const PLUGIN = `
import { errorHandler, expectation } from '@expectation/fastify'
import { dispatcher } from '@expectation/gateway'
import proxy from '@fastify/http-proxy'
import Fastify from 'fastify'
const app = Fastify()
async function main() {
  if (process.env.SHAPED === 'yes') await app.register(errorHandler)
  await app.register(expectation, { maxContentLength: 1000 })
  await app.register(proxy, {
    upstream: process.env.UPSTREAM ?? '',
    ...(process.env.OURS === 'yes' && { undici: dispatcher({ ask: 'never' }) }),
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  console.log((app.server.address() as any).port)
}
void main()
`

test.each([
  ['dispatcher, with errorHandler', 'yes', 'yes'],
  ['dispatcher, without', 'yes', 'no'],
  ['undici, with errorHandler', 'no', 'yes'],
  ['undici, without', 'no', 'no'],
])('@fastify/http-proxy on %s: 413', async (_on, OURS, SHAPED) => {
  const upstream = await takes()
  const running = await startChild(PLUGIN, { UPSTREAM: upstream.origin, OURS, SHAPED })
  const refused = await tooMuch(await RawClient.connect(running), upstream)
  expect([refused.status, refused.json()]).toMatchObject([
    413,
    { error: { reason: 'content_too_large' } },
  ])
})
