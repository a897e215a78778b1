// What a process may take alone, with 'local', while the server cannot be asked: its part of what is free
// when that begins, whatever was free before.

import type { AdmissionOptions } from '@expectation/admission'
import { Grant } from '@expectation/core'
import { describeWhen } from '../support/skip.js'
import { ask, giveBack } from './support/asking.js'
import { heard, joined, letIn, nothingHeld } from './support/joined.js'
import { RedisLink } from './support/redis-link.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

type Asked = Awaited<ReturnType<typeof joined>>

const STORE = { timeoutMs: 200, graceMs: 400, leaseMs: 3_000 }
const LIMITS: AdmissionOptions = { slots: 10, onStoreFailure: 'local' }

async function takeAll(uploads: Asked): Promise<Grant[]> {
  const grants: Grant[] = []
  for (let round = 0; round < 20; round += 1) {
    const answer = await ask(uploads)
    if (answer instanceof Grant) grants.push(answer)
  }
  return grants
}

/** Both know each other, and have known it for long enough to take a part. */
async function settled(server: RedisServer, store = STORE) {
  await until('both know each other', async () => {
    return (await server.command('ZCARD {uploads}:procs')) === ':2'
  })
  await new Promise((resolve) => setTimeout(resolve, store.leaseMs / 3 + 1_000))
}

describeWhen(hasRedis, WITHOUT_REDIS)("a part, with 'local'", () => {
  test('is not that of an outage before, which was over', async () => {
    const server = await RedisServer.start()
    const link = await RedisLink.before(server)
    const events = heard()
    const near = await joined(link, LIMITS, { ...STORE, client: 'ioredis' })
    const far = await joined(server, LIMITS, { ...STORE, client: 'ioredis' })
    await nothingHeld(server)
    await settled(server)
    // Nothing is held, so that five slots would be its part.
    link.isDown = true
    link.cut()
    const states = () => events.flatMap((event) => (event.kind === 'store' ? [event.state] : []))
    await until('the outage is known', () => states().includes('down'))
    link.isDown = false
    await until('it is over', () => states().at(-1) === 'up')
    const held: Grant[] = []
    for (let slot = 0; slot < 10; slot += 1) held.push(await letIn(far))
    // As long as a process takes to look at what is in use.
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    await until('it is still over', () => states().at(-1) === 'up')
    server.freeze()
    expect(await takeAll(near)).toHaveLength(0)
    server.thaw()
    giveBack(...held)
  })

  test('is counted by all that were there, while an emptied server hears of them one by one', async () => {
    const store = { ...STORE, graceMs: 4_000, client: 'ioredis' } as const
    const server = await RedisServer.start()
    const near = await joined(server, LIMITS, store)
    const far = await joined(server, LIMITS, store)
    await nothingHeld(server)
    const held = [await letIn(near), await letIn(far)]
    await settled(server)
    await server.command('FLUSHALL')
    // Each looks, because it holds something, before it is asked for anything.
    await until('the server knows both', async () => {
      return (await server.command('ZCARD {uploads}:procs')) === ':2'
    })
    const taken = [...(await takeAll(near)), ...(await takeAll(far))]
    expect(taken.length).toBeGreaterThan(0)
    expect(held.length + taken.length).toBeLessThanOrEqual(10)
    giveBack(...held, ...taken)
  })
})
