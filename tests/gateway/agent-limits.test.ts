// An agent with `maxSockets` makes a request wait for a connection that another one has. That is no fault of the
// upstream, and connectTimeoutMs says nothing about it; idleTimeoutMs is its bound.
import http from 'node:http'
import type { GatewayOptions } from '@expectation/gateway'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { latch } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { answer, rawUpstream } from './support/raw-upstream.js'
import { until } from './support/until.js'

forbidStrayErrors()
keepConsoleErrors()

const CONNECT_MS = 100
const get = head({ method: 'GET' })

/** One whose only connection is taken until it is told to answer. */
async function taken(options: Partial<GatewayOptions> = {}) {
  const free = latch()
  const upstream = await rawUpstream(async (connection) => {
    for (;;) {
      await connection.head()
      await free.opened
      connection.send(answer('200 OK', 'ok'))
    }
  })
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  afterThisTest(() => agent.destroy())
  const limits = { agent, connectTimeoutMs: CONNECT_MS, ...options }
  const running = await front([upstream.origin], limits)
  const first = await RawClient.connect(running)
  first.send(get)
  await until('a connection', () => upstream.connections.length === 1)
  const second = await RawClient.connect(running)
  second.send(get)
  return { ...running, first, second, free, upstream }
}

test('it waits longer than connecting may take, and is served', async () => {
  const { first, second, free, upstream, outcomes } = await taken()
  await second.quiet(5 * CONNECT_MS)
  free.open()
  expect((await first.final()).text).toBe('ok')
  expect((await second.final()).text).toBe('ok')
  expect(upstream.connections).toHaveLength(1)
  expect(outcomes.map(({ attempts }) => attempts.length)).toEqual([1, 1])
})

test('and no longer than idleTimeoutMs', async () => {
  const { first, second, free } = await taken({ idleTimeoutMs: 3 * CONNECT_MS })
  expect((await second.final()).json()).toMatchObject({ error: { reason: 'upstream_unreachable' } })
  free.open()
  expect((await first.final()).text).toBe('ok')
})
