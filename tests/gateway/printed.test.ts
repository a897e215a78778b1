// What a gateway on a bare server prints, where no framework has a log: what the server is to blame for,
// and no refusal that nothing else led to.

import { Refusal } from '@expectation/core'
import type { GatewayOptions } from '@expectation/gateway'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { front } from './support/front.js'
import { deadOrigin, rawUpstream } from './support/raw-upstream.js'

const printed = keepConsoleErrors()

async function get(
  upstreams: GatewayOptions['upstreams'],
  options: Partial<GatewayOptions> = {},
): Promise<number> {
  const client = await RawClient.connect(await front(upstreams, options))
  return (await client.send(head({ method: 'GET' })).final()).status
}

const closing = () =>
  rawUpstream(async (connection) => {
    await connection.head()
    connection.end()
  })

const silent = () =>
  rawUpstream(async (connection) => {
    await connection.head()
  })

test('502 of an upstream that cannot be reached, with its cause', async () => {
  expect(await get([await deadOrigin()])).toBe(502)
  expect(printed.entries).toEqual([
    [
      expect.objectContaining({
        reason: 'upstream_unreachable',
        cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
      }),
    ],
  ])
})

test('502 of an upstream that ends before its answer, with its cause', async () => {
  const { origin } = await closing()
  expect(await get([origin])).toBe(502)
  expect(printed.entries).toEqual([
    [
      expect.objectContaining({
        reason: 'upstream_failed',
        cause: expect.objectContaining({ code: 'ECONNRESET' }),
      }),
    ],
  ])
})

test('504 of an upstream that does not answer, with its cause', async () => {
  const { origin } = await silent()
  expect(await get([origin], { responseTimeoutMs: 50 })).toBe(504)
  expect(printed.entries).toEqual([
    [expect.objectContaining({ reason: 'upstream_timeout', cause: expect.any(Error) })],
  ])
})

test('500 of a callback that throws', async () => {
  const fault = new Error('no database')
  const upstreams = () => {
    throw fault
  }
  expect(await get(upstreams)).toBe(500)
  expect(printed.entries).toEqual([[fault]])
})

test.each([503, 413])('no %i that a callback gives on purpose', async (status) => {
  const upstreams = () => {
    throw new Refusal(status)
  }
  expect(await get(upstreams)).toBe(status)
  expect(printed.entries).toEqual([])
})

test('no 413 with a cause: the server is not to blame', async () => {
  const upstreams = () => {
    throw new Refusal(413, { cause: new Error('quota') })
  }
  expect(await get(upstreams)).toBe(413)
  expect(printed.entries).toEqual([])
})
