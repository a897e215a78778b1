// The server's clock stands still with its machine, or is set: by hand, after a pause of a virtual machine,
// by a replica whose clock is another one. Leases and waits go by it, and the limit has to hold.

import { Grant } from '@expectation/core'
import { describeWhen } from '../support/skip.js'
import { ask, giveBack, granted, grantedInTurn } from './support/asking.js'
import { joined, letIn, nothingHeld } from './support/joined.js'
import { RedisLink } from './support/redis-link.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

const LEASE = { leaseMs: 1_000, timeoutMs: 300, graceMs: 2_000 }

describeWhen(hasRedis, WITHOUT_REDIS)('the clock of the server', () => {
  test('frozen longer than a lease, and one process is back later: the limit holds', async () => {
    const server = await RedisServer.start()
    const link = await RedisLink.before(server)
    const near = await joined(server, { slots: 4 }, { ...LEASE, client: 'ioredis' })
    const far = await joined(link, { slots: 4 }, { ...LEASE, client: 'ioredis' })
    await nothingHeld(server)
    const grants = await grantedInTurn(near, near, far, far)
    link.isDown = true
    link.cut()
    server.freeze()
    await new Promise((resolve) => setTimeout(resolve, LEASE.leaseMs + 500))
    server.thaw()
    // The far process is back well within the grace.
    const back = setTimeout(() => {
      link.isDown = false
    }, LEASE.graceMs / 4)
    const end = performance.now() + 2 * LEASE.graceMs
    while (performance.now() < end) {
      const answer = await ask(near)
      if (answer instanceof Grant) grants.push(answer)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    clearTimeout(back)
    expect(grants).toHaveLength(4)
    giveBack(...grants)
    giveBack(await letIn(near))
    giveBack(await letIn(far))
  })

  test('set back: what was to end soon does not last as long as that', async () => {
    const server = await RedisServer.start()
    const uploads = await joined(server, { slots: 2, bytes: 100 })
    await nothingHeld(server)
    const later = Date.now() + 3_600_000
    // As left behind by a grace, by content that waited to grow, and by a process that is gone.
    await server.command(`HSET {uploads}:used grace ${later} hungry ${later} audited ${later}`)
    giveBack(await granted(uploads, 95))
  })

  test('set back: claims of a process that is gone end', async () => {
    const server = await RedisServer.start()
    const uploads = await joined(server, { slots: 1 }, LEASE)
    await nothingHeld(server)
    const later = Date.now() + 3_600_000
    await server.command('HSET {uploads}:claims gone.1 5|')
    await server.command(`ZADD {uploads}:expiry ${later} gone.1`)
    await server.command('HSET {uploads}:used s 1 b 5')
    await server.command(`ZADD {uploads}:procs ${later} gone`)
    await until('the slot is free', async () => {
      const answer = await ask(uploads)
      if (answer instanceof Grant) giveBack(answer)
      return answer instanceof Grant
    })
    expect(await server.command('ZCARD {uploads}:procs')).toBe(':1')
  })
})
