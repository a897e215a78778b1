// Content that grows while the server cannot be asked, with 'local': what a tenant holds stays within its
// part, as what begins does, and a tenant at its part holds up nobody else.

import { describeWhen } from '../support/skip.js'
import { giveBack } from './support/asking.js'
import { heard, joined, letIn, nothingHeld } from './support/joined.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

const STORE = { timeoutMs: 200, graceMs: 400, leaseMs: 1_500 }
const unknownLength = { first: 2, step: 8, headroom: 0.2, waitMs: 300 }

describeWhen(hasRedis, WITHOUT_REDIS)("content that grows, with 'local'", () => {
  test('is held to the part of its tenant, which waits for itself alone', async () => {
    const server = await RedisServer.start()
    let tenant = 'ada'
    const limits = { bytes: 1_000, tenantBytes: 20, tenant: () => tenant, unknownLength }
    const uploads = await joined(server, { ...limits, onStoreFailure: 'local' }, STORE)
    await nothingHeld(server)
    const own = [
      await letIn(uploads, 'chunked'),
      await letIn(uploads, 'chunked'),
      await letIn(uploads, 'chunked'),
    ]
    tenant = 'bob'
    const other = await letIn(uploads, 'chunked')
    // A process that has just begun takes no part: nobody knows of it.
    await new Promise((resolve) => setTimeout(resolve, STORE.leaseMs / 3 + 1_000))
    const events = heard()
    server.freeze()
    const grown = own.map((grant) => grant.extend(1))
    await until('the outage is known', () => events.some(({ kind }) => kind === 'store'))
    const others = await other.extend(1)
    const answers = await Promise.all(grown)
    const held = answers.map((answer) => (typeof answer === 'number' ? answer : 2))
    expect(held.sort((one, another) => one - another)).toEqual([2, 2, 10])
    expect(answers).toContainEqual(expect.objectContaining({ reason: 'too_many_uploads' }))
    expect(others).toBe(10)
    expect(uploads.stats().bytes).toBe(24)
    server.thaw()
    giveBack(...own, other)
  })
})
