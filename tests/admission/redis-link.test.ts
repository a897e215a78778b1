// What lies between a process and Redis fails: answers come seconds late, connections break with commands
// under way. Nothing is held that nobody holds, and what is counted is what is held.

import { setTimeout as sleep } from 'node:timers/promises'
import { Grant, Refusal } from '@expectation/core'
import { describeWhen } from '../support/skip.js'
import { ask, giveBack } from './support/asking.js'
import { counted, joined, letIn, nothingHeld } from './support/joined.js'
import { RedisLink } from './support/redis-link.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

const STORE = { timeoutMs: 300, leaseMs: 3_000, graceMs: 200 }
const CLIENTS = ['redis', 'ioredis'] as const

describeWhen(hasRedis, WITHOUT_REDIS)('the way to Redis', () => {
  test.each(CLIENTS)('is slow, %s: what is answered late is held by nobody', async (client) => {
    const server = await RedisServer.start()
    const link = await RedisLink.before(server)
    const uploads = await joined(link, { slots: 20 }, { ...STORE, client })
    const held = [await letIn(uploads), await letIn(uploads), await letIn(uploads)]
    link.delayMs = 2_000
    for (const answer of await Promise.all(Array.from({ length: 5 }, () => ask(uploads)))) {
      expect(answer).toBeInstanceOf(Refusal)
      expect(answer).toMatchObject({ status: 503, reason: 'admission_unavailable' })
    }
    giveBack(...held.splice(0, 1))
    link.delayMs = 0
    held.push(await letIn(uploads))
    await until('the server knows what is held', async () => {
      return (await server.command('HLEN {uploads}:claims')) === `:${held.length}`
    })
    // Neither a heartbeat nor an answer that is still to come changes it.
    await sleep(2_000)
    expect(await counted(server)).toBe(held.length)
    expect(uploads.stats().slots).toBe(held.length)
    giveBack(...held)
    await nothingHeld(server)
    expect(await counted(server)).toBe(0)
  })

  test.each(CLIENTS)('breaks again and again, %s: the limit holds', async (client) => {
    const server = await RedisServer.start()
    const link = await RedisLink.before(server)
    const uploads = await joined(link, { slots: 3 }, { ...STORE, client })
    let [now, most, passed] = [0, 0, 0]
    const upload = async (): Promise<void> => {
      const answer = await ask(uploads)
      if (!(answer instanceof Grant)) return void (await sleep(5))
      passed += 1
      now += 1
      most = Math.max(most, now)
      await sleep(2)
      now -= 1
      giveBack(answer)
    }
    let over = false
    const clients = Array.from({ length: 10 }, async () => {
      while (!over) await upload()
    })
    try {
      for (let round = 0; round < 20; round += 1) {
        await sleep(30)
        link.cut()
      }
      const before = passed
      await until('uploads are let in again', () => passed > before + 10)
    } finally {
      over = true
      await Promise.all(clients)
    }
    expect(most).toBeLessThanOrEqual(3)
    await nothingHeld(server)
    expect(await counted(server)).toBe(0)
  })
})
