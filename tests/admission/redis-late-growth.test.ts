// Growth that is granted after its wait has ended is held by the upload: it is the first that is given to it
// when it asks again.

import { describeWhen } from '../support/skip.js'
import { giveBack } from './support/asking.js'
import { joined, letIn, nothingHeld } from './support/joined.js'
import { RedisLink } from './support/redis-link.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

const STEPS = { first: 10, step: 20, headroom: 0.2, waitMs: 200 }

describeWhen(hasRedis, WITHOUT_REDIS)('growth granted too late', () => {
  test.each([
    ['in a pool that has more', 100],
    ['up to the whole pool', 30],
  ])('is credited when it is asked for again, %s', async (_where, bytes) => {
    const server = await RedisServer.start()
    const link = await RedisLink.before(server)
    const here = await joined(link, { bytes, unknownLength: STEPS }, { client: 'ioredis' })
    const there = await joined(server, { bytes }, { client: 'ioredis' })
    await nothingHeld(server)
    const growing = await letIn(here, 'chunked')
    const held = await letIn(there, bytes - 10)
    // The first attempt finds no room, which is known only when there is some; the second one is granted at
    // once, which is known only when the wait has ended.
    link.delayMs = 600
    const more = growing.extend(5)
    await until('it was asked for', async () => {
      return (await server.command('HEXISTS {uploads}:used hungry')) === ':1'
    })
    giveBack(held)
    await until('there is room', async () => {
      return (await server.command('HLEN {uploads}:claims')) === ':1'
    })
    link.delayMs = 900
    expect(await more).toMatchObject({ status: 503, reason: 'uploads_at_capacity' })
    await until('it was granted all the same', () => here.stats().bytes === 30)
    expect(await growing.extend(5)).toBe(30)
    expect(here.stats()).toEqual({ slots: 1, bytes: 30, waiting: 0 })
    giveBack(growing)
    await nothingHeld(server)
  })
})
