// What is promised to whoever uploads and whoever operates, over the wire: two processes and one Redis,
// uploads that are held open, and what each of them is told.

import { describeWhen } from '../../support/skip.js'
import { hasRedis, WITHOUT_REDIS } from '../support/redis-server.js'
import { until } from '../support/until.js'
import { Upload } from './upload.js'
import type { ServerSettings } from './upload-server.js'
import { World } from './world.js'

const STORE = { leaseMs: 6_000, timeoutMs: 2_000, graceMs: 1_000 }
/** Processes take seconds to begin where the machine is busy with other tests. */
const MINUTE = 60_000

async function begin(options: ServerSettings['options'], store = STORE): Promise<World> {
  return World.begin({ client: 'redis', store, options }, 2)
}

describeWhen(hasRedis, WITHOUT_REDIS)('two processes and one Redis', () => {
  test(
    'two slots: 100, 100, 503 with Retry-After; one ends, and the next is let in',
    async () => {
      const world = await begin({ slots: 2 })
      const uploads = [await Upload.begin(world, 0), await Upload.begin(world, 1)]
      const refused = await (await Upload.ask(world, 0)).refusal()
      expect(refused).toEqual([503, 'uploads_at_capacity', expect.stringMatching(/^[1-9]\d*$/)])
      expect(await uploads[0]?.end()).toBe(201)
      uploads.push(await Upload.begin(world, 0))
      expect(await uploads[1]?.end()).toBe(201)
      expect(await uploads[2]?.end()).toBe(201)
      await world.empty(10_000)
      expect(world.peaks().slots).toBeLessThanOrEqual(2)
    },
    MINUTE,
  )

  test(
    "a tenant's own limit is 429, and what could never fit 413",
    async () => {
      const world = await begin({ slots: 9, bytes: 100, tenantSlots: 1, tenantBytes: 50 })
      const first = await Upload.begin(world, 0, 'a')
      const [status, reason, retryAfter] = await (await Upload.ask(world, 1, 'a')).refusal()
      expect([status, reason]).toEqual([429, 'too_many_uploads'])
      expect(retryAfter).toMatch(/^[1-9]\d*$/)
      const other = await Upload.begin(world, 1, 'b')
      for (const length of [51, 101]) {
        const large = await (await Upload.ask(world, 0, 'c', length)).refusal()
        expect(large).toEqual([413, 'content_too_large', undefined])
      }
      expect([await first.end(), await other.end()]).toEqual([201, 201])
      await world.empty(10_000)
    },
    MINUTE,
  )

  test(
    'a process is killed: what it held is held until its lease ends, then it is free',
    async () => {
      const world = await begin({ slots: 3 })
      const other = await Upload.begin(world, 1)
      const claimed = await world.claims()
      await Upload.begin(world, 0)
      await Upload.begin(world, 0)
      await world.killOne()
      const lost = (await world.claims()).filter(({ id }) => !claimed.some((one) => one.id === id))
      expect(lost).toHaveLength(2)
      // A heartbeat every third of a lease: no less than two thirds of it are left.
      for (const { leftMs } of lost) {
        expect(leftMs).toBeGreaterThan((STORE.leaseMs * 2) / 3 - 1_000)
        expect(leftMs).toBeLessThanOrEqual(STORE.leaseMs)
      }
      expect((await (await Upload.ask(world, 0)).refusal())[1]).toBe('uploads_at_capacity')
      await until('the leases end', async () => (await world.count('HLEN', 'claims')) === 1, 20_000)
      const next = [await Upload.begin(world, 0), await Upload.begin(world, 0)]
      for (const upload of [other, ...next]) expect(await upload.end()).toBe(201)
      await world.empty(10_000)
      expect(world.peaks().slots).toBeLessThanOrEqual(3)
    },
    MINUTE,
  )

  test(
    'SIGTERM while twenty uploads are under way: they end, and nothing is left',
    async () => {
      const world = await begin({ slots: 20 })
      const uploads = await Promise.all(
        Array.from({ length: 20 }, (_, number) => Upload.begin(world, number % 2)),
      )
      const ended = world.endAll()
      for (const upload of uploads) expect(await upload.end()).toBe(201)
      expect(await ended).toEqual([0, 0])
      await world.empty(10_000)
      expect(await world.count('ZCARD', 'procs')).toBe(0)
    },
    MINUTE,
  )

  test(
    'Redis is not there when the processes begin: 503, and let in when it comes',
    async () => {
      const settings = {
        client: 'redis',
        store: { ...STORE, timeoutMs: 100 },
        options: {},
      } as const
      const world = await World.begin(settings, 2, { away: true })
      for (const process of [0, 1, 0, 1]) {
        const [status, reason] = await (await Upload.ask(world, process)).refusal()
        expect([status, reason]).toEqual([503, 'admission_unavailable'])
      }
      await world.redis.begin()
      await world.joined(2)
      expect(world.ended).toEqual([])
    },
    MINUTE,
  )
})
