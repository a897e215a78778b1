// Time, over the wire: a process that stands still does not take Redis for slow, and what its clock says
// does not matter.

import { describeWhen } from '../../support/skip.js'
import { hasRedis, WITHOUT_REDIS } from '../support/redis-server.js'
import { until } from '../support/until.js'
import { Upload } from './upload.js'
import { World } from './world.js'

const MINUTE = 60_000
/** Ahead by an hour and behind by an hour, in turns of a fifth of a second. */
const JUMPING = '(performance.now() % 400 < 200 ? 3_600_000 : -3_600_000)'

interface Store {
  readonly downs: number
  readonly slowestMs: number
  /** What the process takes for the time. */
  readonly now: number
}

async function storeOf(world: World, process: number): Promise<Store> {
  const answer = await fetch(`http://127.0.0.1:${world.ports[process]}/store`)
  return (await answer.json()) as Store
}

describeWhen(hasRedis, WITHOUT_REDIS)('two processes and one Redis', () => {
  test.each(['redis', 'ioredis'] as const)(
    'by %s: a process stands still while answers are in its socket, and loses none',
    async (client) => {
      const store = { leaseMs: 6_000, timeoutMs: 400, graceMs: 1_000 }
      const world = await World.begin({ client, store, options: { slots: 100 } }, 1)
      const before = await storeOf(world, 0)
      // Three times as long as Redis may take: by timers alone it would be away.
      const lines = ['X-Stall: 1200']
      await until(
        'a question is open while it stands still',
        async () => {
          const stalled = await Upload.ask(world, 0, 'a', 10, lines)
          const others = await Promise.all(Array.from({ length: 9 }, () => Upload.ask(world, 0)))
          for (const upload of [stalled, ...others]) expect(await upload.whole()).toBe(201)
          return (await storeOf(world, 0)).slowestMs > 1_000
        },
        MINUTE / 2,
      )
      expect((await storeOf(world, 0)).downs).toBe(before.downs)
      await world.empty(10_000)
    },
    MINUTE,
  )

  test(
    'the clock of one jumps by hours: the limits hold, and leases are renewed, by the time of Redis',
    async () => {
      const store = { leaseMs: 3_000, timeoutMs: 1_000, graceMs: 1_000 }
      const settings = { client: 'redis', store, options: { slots: 2 } } as const
      const world = await World.begin(settings, 2, { clock: JUMPING })
      const stores = await Promise.all([storeOf(world, 0), storeOf(world, 1)])
      const wrong = stores.filter(({ now }) => Math.abs(now - Date.now()) > 1_800_000)
      expect(wrong).toHaveLength(1)
      const uploads = [await Upload.begin(world, 0), await Upload.begin(world, 1)]
      const first = await world.claims()
      expect(first).toHaveLength(2)
      for (const { leftMs } of first) {
        expect(leftMs).toBeGreaterThan(0)
        expect(leftMs).toBeLessThanOrEqual(store.leaseMs)
      }
      await until('both leases are renewed, past their first end', async () => {
        const now = await world.claims()
        return first.every(({ id, until: end }) =>
          now.some((one) => one.id === id && one.until > end + store.leaseMs / 2),
        )
      })
      for (const process of [0, 1]) {
        const [status, reason] = await (await Upload.ask(world, process)).refusal()
        expect([status, reason]).toEqual([503, 'uploads_at_capacity'])
      }
      expect(await world.count('ZCARD', 'procs')).toBe(2)
      for (const upload of uploads) expect(await upload.end()).toBe(201)
      await world.empty(10_000)
      expect(world.peaks().slots).toBe(2)
      expect(await world.endAll()).toEqual([0, 0])
    },
    MINUTE,
  )
})
