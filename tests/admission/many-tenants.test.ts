// However many tenants are at their own limits, and are first in the line, the one that has room is let in.

import { type AdmissionOptions, admission } from '@expectation/admission'
import { Grant } from '@expectation/core'
import { describeWhen } from '../support/skip.js'
import { ask, giveBack, granted } from './support/asking.js'
import { joined, nothingHeld } from './support/joined.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

const byRequest = (_head: unknown, { request }: { request: unknown }) => request as string
const LIMITS: AdmissionOptions = { slots: 100, tenant: byRequest, tenantSlots: 1, waitMs: 700 }
const TENANTS = Array.from({ length: 20 }, (_, index) => `tenant-${index}`)

async function letsInTheLast(uploads: ReturnType<typeof admission>) {
  const held = await Promise.all(TENANTS.map((tenant) => granted(uploads, 1, tenant)))
  const waiting = TENANTS.map((tenant) => ask(uploads, 1, tenant))
  await until('all wait', () => uploads.stats().waiting === TENANTS.length)
  giveBack(...held.slice(-1))
  const answer = await waiting.at(-1)
  expect(answer).toBeInstanceOf(Grant)
  // Not because those before it have given up.
  expect(uploads.stats().waiting).toBe(TENANTS.length - 1)
  await uploads.close({ drainMs: 0 })
  await Promise.all(waiting)
}

describe('the last of many tenants in the line', () => {
  it('is let in when it has room, by the memory', () => letsInTheLast(admission(LIMITS)))
})

describeWhen(hasRedis, WITHOUT_REDIS)('the last of many tenants in the line', () => {
  it('is let in when it has room, by Redis', async () => {
    const server = await RedisServer.start()
    const uploads = await joined(server, { ...LIMITS, tenant: byRequest })
    await nothingHeld(server)
    await letsInTheLast(uploads)
  })
})
