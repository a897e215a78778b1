// Who waits for a slot that another process gives back is asked again and again, however many come after it.

import type { Grant } from '@expectation/core'
import { describeWhen } from '../support/skip.js'
import { ask, giveBack, granted } from './support/asking.js'
import { joined, nothingHeld } from './support/joined.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

describeWhen(hasRedis, WITHOUT_REDIS)('the line of a process', () => {
  test('moves on by itself while more and more join it', async () => {
    const server = await RedisServer.start()
    const limits = { slots: 1, waitMs: 700, maxWaiting: 100_000 }
    const here = await joined(server, limits)
    const there = await joined(server, limits)
    await nothingHeld(server)
    const held = await granted(there)
    const first = granted(here)
    await until('it waits', () => here.stats().waiting === 1)
    const joining = new Set<Promise<unknown>>()
    const timer = setInterval(() => joining.add(ask(here)), 5)
    giveBack(held)
    const taken: Grant[] = []
    try {
      taken.push(await first)
    } finally {
      clearInterval(timer)
    }
    await here.close({ drainMs: 0 })
    await Promise.all(joining)
    expect(taken).toHaveLength(1)
    expect(joining.size).toBeGreaterThan(0)
  })
})
