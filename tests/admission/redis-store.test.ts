// The Redis store, by each client, on a real server: what is counted, by whose clock, and what happens
// when commands are lost, late or told twice.

import { setTimeout as sleep } from 'node:timers/promises'
import { Grant, Refusal } from '@expectation/core'
import { describeWhen } from '../support/skip.js'
import { ask, giveBack, granted, refused } from './support/asking.js'
import { CLIENTS } from './support/clients.js'
import { heard, joined, nothingHeld } from './support/joined.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

const EMPTY = ':0'
const byRequest = (_head: unknown, { request }: { request: unknown }) => request as string

describeWhen(hasRedis, WITHOUT_REDIS)('the Redis store', () => {
  test.each(CLIENTS)(
    'by %s: slots, bytes and tenants of two processes together',
    async (client) => {
      const server = await RedisServer.start()
      const limits = { slots: 3, bytes: 100, tenant: byRequest, tenantSlots: 1 }
      const here = await joined(server, limits, { client })
      const there = await joined(server, limits, { client })
      await nothingHeld(server)
      const grants = [await granted(here, 50, 'a'), await granted(there, 40, 'b')]
      expect(await refused(there, 1, 'a')).toMatchObject({
        status: 429,
        reason: 'too_many_uploads',
      })
      expect(await refused(here, 20, 'c')).toMatchObject({ status: 503 })
      expect(await refused(here, 101, 'c')).toMatchObject({ status: 413 })
      grants.push(await granted(here, 0 + 10, 'c'))
      expect(await refused(there, 1, 'd')).toMatchObject({ reason: 'uploads_at_capacity' })
      expect(here.stats()).toEqual({ slots: 2, bytes: 60, waiting: 0 })
      giveBack(...grants)
      await nothingHeld(server)
      expect(await server.command('HGET {uploads}:used b')).toBe('$1\r\n0')
      expect(await server.command('HLEN {uploads}:bykey')).toBe(EMPTY)
    },
  )

  test('who waits here is let in by a release there', async () => {
    const server = await RedisServer.start()
    const here = await joined(server, { slots: 1, waitMs: 700 })
    const there = await joined(server, { slots: 1, waitMs: 700 })
    await nothingHeld(server)
    const first = await granted(here)
    const second = granted(there)
    await until('it waits', () => there.stats().waiting === 1)
    giveBack(first)
    giveBack(await second)
  })

  test('content of unknown length grows, also from a claim of no bytes', async () => {
    const server = await RedisServer.start()
    const unknownLength = { first: 0, step: 30, waitMs: 500 }
    const here = await joined(server, { bytes: 100, unknownLength })
    const there = await joined(server, { bytes: 100, unknownLength })
    const empty = await granted(here, 'chunked')
    giveBack(empty)
    await nothingHeld(server)
    const grant = await granted(here, 'chunked')
    const other = await granted(there, 60)
    expect(await grant.extend(0)).toBe(30)
    const more = Promise.resolve(grant.extend(30))
    await until('others leave the headroom', async () => {
      const answer = await ask(there, 1)
      if (answer instanceof Grant) giveBack(answer)
      return answer instanceof Refusal
    })
    giveBack(other)
    expect(await more).toBe(60)
    giveBack(grant)
    await nothingHeld(server)
  })

  test('a clock that is an hour ahead changes nothing', async () => {
    const server = await RedisServer.start()
    const here = await joined(server, { slots: 1 })
    await nothingHeld(server)
    const grant = await granted(here)
    const { now } = Date
    Date.now = () => now() + 3_600_000
    try {
      const ahead = await joined(server, { slots: 2 })
      giveBack(await granted(ahead))
      expect(await refused(here)).toMatchObject({ status: 503 })
    } finally {
      Date.now = now
    }
    giveBack(grant)
  })

  test.each(['redis', 'ioredis'] as const)(
    'by %s: scripts flushed midway are sent again',
    async (client) => {
      const server = await RedisServer.start()
      const events = heard()
      const uploads = await joined(server, { slots: 50 }, { client })
      for (let round = 0; round < 5; round += 1) {
        await server.command('SCRIPT FLUSH')
        const grants = await Promise.all(Array.from({ length: 20 }, () => granted(uploads)))
        await server.command('SCRIPT FLUSH')
        giveBack(...grants)
      }
      await nothingHeld(server)
      expect(events.filter((event) => event.kind === 'store')).toEqual([])
    },
  )

  // A server that has not seen a script answers NOSCRIPT, and it is sent again, behind what came next.
  test.each(CLIENTS)(
    'by %s: what is given back is there for what is asked next',
    async (client) => {
      const server = await RedisServer.start()
      const uploads = await joined(server, { slots: 1 }, { client })
      let grant = await granted(uploads)
      for (let round = 0; round < 5; round += 1) {
        await server.command('SCRIPT FLUSH')
        giveBack(grant)
        grant = await granted(uploads)
      }
      giveBack(grant)
    },
  )

  test('a server that was emptied is told again what is held', async () => {
    const server = await RedisServer.start()
    const events = heard()
    const here = await joined(server, { slots: 2 }, { graceMs: 2_000 })
    const there = await joined(server, { slots: 2 }, { graceMs: 2_000 })
    const grants = [await granted(here), await granted(there)]
    await server.command('FLUSHALL')
    // Strict: until all have told theirs, nobody is let in.
    await until('both have told', async () => {
      expect(await ask(here)).toBeInstanceOf(Refusal)
      expect(await ask(there)).toBeInstanceOf(Refusal)
      return (await server.command('HLEN {uploads}:claims')) === ':2'
    })
    await until('the server decides again', async () => {
      return (await refused(here)).reason === 'uploads_at_capacity'
    })
    expect(events).toContainEqual(expect.objectContaining({ kind: 'restored', lost: 'store' }))
    giveBack(...grants)
    await nothingHeld(server)
  })

  test('a server that has lost its counters alone counts again what is held', async () => {
    const server = await RedisServer.start()
    const uploads = await joined(server, { slots: 2 }, { graceMs: 200 })
    await nothingHeld(server)
    const grants = [await granted(uploads), await granted(uploads)]
    await server.command('DEL {uploads}:used')
    await until('the server has decided again', async () => {
      const answer = await ask(uploads)
      if (answer instanceof Grant) grants.push(answer)
      return answer instanceof Refusal && answer.reason === 'uploads_at_capacity'
    })
    expect(grants).toHaveLength(2)
    giveBack(...grants)
    await nothingHeld(server)
    expect(await server.command('HGET {uploads}:used s')).toBe('$1\r\n0')
  })

  test('a server that was emptied is told by those too whom nobody asks', async () => {
    const server = await RedisServer.start()
    const here = await joined(server, { slots: 2 }, { graceMs: 2_000 })
    const silent = await joined(server, { slots: 2 }, { graceMs: 2_000 })
    const grants = [await granted(silent), await granted(here)]
    await server.command('FLUSHALL')
    await until('the server decides again', async () => {
      return (await refused(here)).reason === 'uploads_at_capacity'
    })
    giveBack(...grants)
    await nothingHeld(server)
  })

  test('who has not told an emptied server what it holds is not let in, grace or not', async () => {
    const server = await RedisServer.start()
    const here = await joined(server, { slots: 1 }, { graceMs: 0 })
    let held = await granted(here)
    for (let round = 0; round < 5; round += 1) {
      await server.command('FLUSHALL')
      // The server knows of nobody: by its counters there is room.
      expect(await refused(here)).toMatchObject({ reason: 'admission_unavailable' })
      await until('it was told', async () => {
        return (await refused(here)).reason === 'uploads_at_capacity'
      })
      giveBack(held)
      held = await granted(here)
    }
    giveBack(held)
    await nothingHeld(server)
  })

  test('a claim whose process is gone ends with its lease, and not before', async () => {
    const server = await RedisServer.start()
    const uploads = await joined(server, { slots: 1 })
    await nothingHeld(server)
    // Somebody else's, never renewed.
    await server.command('HSET {uploads}:claims dead.1 7|')
    await server.command('HINCRBY {uploads}:used s 1')
    await server.command('HINCRBY {uploads}:used b 7')
    const [seconds = '0'] = (await server.command('TIME')).split('\r\n').slice(2)
    await server.command(`ZADD {uploads}:expiry ${Number(seconds) * 1000 + 2_000} dead.1`)
    expect(await refused(uploads)).toMatchObject({ status: 503 })
    await until('the lease ends', async () => (await ask(uploads)) instanceof Grant, 5_000)
    expect(await server.command('HGET {uploads}:used b')).toBe('$1\r\n1')
  })

  test('leaves: everything is given back, and the process is no longer counted', async () => {
    const server = await RedisServer.start()
    const uploads = await joined(server, { slots: 2 })
    await granted(uploads)
    expect(await server.command('ZCARD {uploads}:procs')).toBe(':1')
    await uploads.close({ drainMs: 0 })
    expect(await server.command('ZCARD {uploads}:procs')).toBe(EMPTY)
    expect(await server.command('HLEN {uploads}:claims')).toBe(EMPTY)
  })

  test('a stall of this process is no outage: the answers are in the socket', async () => {
    const server = await RedisServer.start()
    const events = heard()
    const uploads = await joined(server, { slots: 500 }, { timeoutMs: 500 })
    const asked = Array.from({ length: 100 }, () => granted(uploads))
    // Sent, and then nobody reads, for longer than the server may take.
    await sleep(0)
    const since = performance.now()
    while (performance.now() - since < 1_500);
    giveBack(...(await Promise.all(asked)))
    expect(events.filter((event) => event.kind === 'store')).toEqual([])
  })
})
