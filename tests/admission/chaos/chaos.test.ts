// Limits through crashes, on real processes: peaks are those of the witness, not of the store.
// `EXPECTATION_CHAOS=long npm test -- admission/chaos` is the long form, which docs/admission.md has figures of.

import { setTimeout as sleep } from 'node:timers/promises'
import { describeWhen } from '../../support/skip.js'
import { hasRedis, WITHOUT_REDIS } from '../support/redis-server.js'
import { until } from '../support/until.js'
import type { LoadSettings, Tally } from './clients.js'
import type { ServerSettings } from './upload-server.js'
import { World } from './world.js'

const LONG = process.env.EXPECTATION_CHAOS === 'long'
const LIMITS = LONG
  ? { slots: 100, bytes: 24_000_000, tenantSlots: 15 }
  : { slots: 24, bytes: 2_400_000, tenantSlots: 3 }
const LOAD: LoadSettings = LONG
  ? {
      ...{ clients: 500, uploads: 10_000, tenants: 10, leastBytes: 64_000, mostBytes: 448_000 },
      ...{ leaving: 0.05, chunked: 0 },
    }
  : {
      ...{ clients: 60, uploads: 150, tenants: 10, leastBytes: 20_000, mostBytes: 180_000 },
      ...{ leaving: 0.05, chunked: 0 },
    }
/** A busy machine: CI runs it on two cores, beside other tests. */
const STORE = { leaseMs: LONG ? 15_000 : 6_000, timeoutMs: 400, graceMs: 1_000 }
/** Where no outage is meant. */
const PATIENT = { timeoutMs: 1_000 }
const MOST_MS = LONG ? 900_000 : 180_000

type Policy = NonNullable<ServerSettings['options']['onStoreFailure']>

interface Run {
  readonly client?: ServerSettings['client']
  readonly policy?: Policy
  readonly limits?: Partial<typeof LIMITS>
  readonly load?: Partial<LoadSettings>
  readonly options?: ServerSettings['options']
  readonly store?: Partial<ServerSettings['store']>
  readonly replica?: boolean
}

async function run(
  { client = 'redis', policy = 'refuse', limits, load, options, store, replica = false }: Run,
  during: (world: World) => Promise<void> = async () => {},
): Promise<{ world: World; tally: Tally }> {
  const all = { ...LIMITS, ...limits }
  const world = await World.begin(
    {
      client,
      store: { ...STORE, ...store },
      options: { ...all, onStoreFailure: policy, ...options },
    },
    3,
    { replica },
  )
  const tally = await world.load({ ...LOAD, ...load }, () => during(world))
  await world.empty(STORE.leaseMs + 5_000)
  const peaks = world.peaks()
  if (LONG) console.info(expect.getState().currentTestName, { ...peaks, ...tally })
  expect(peaks.slots).toBeLessThanOrEqual(all.slots)
  expect(peaks.bytes).toBeLessThanOrEqual(all.bytes)
  // Of a tenant each process may hold its part, at least one, while it goes on alone.
  if (policy === 'refuse') expect(peaks.tenant).toBeLessThanOrEqual(all.tenantSlots)
  // Who asked and was refused has sent nothing.
  expect(tally.inVainDeclared).toBe(0)
  expect(world.ended).toEqual([])
  return { world, tally }
}

interface Outage extends Run {
  readonly what: string
  readonly policy: Policy
  readonly happens: (world: World, policy: Policy) => Promise<void>
}

describeWhen(hasRedis, WITHOUT_REDIS)('three processes and one Redis', () => {
  test(
    'the limits hold exactly, and are reached; then all leave',
    async () => {
      const { world, tally } = await run({ client: 'ioredis', store: PATIENT })
      // Claims were up to the limits; handlers of a busy machine may not all have begun at one time.
      const both = ['too_many_uploads', 'uploads_at_capacity']
      expect(Object.keys(tally.reasons)).toEqual(expect.arrayContaining(both))
      if (LONG) expect(world.peaks()).toMatchObject({ slots: 100, tenant: 15 })
      expect(await world.endAll()).toEqual([0, 0, 0])
      expect(await world.count('ZCARD', 'procs')).toBe(0)
    },
    MOST_MS,
  )

  const byIoredis = { client: 'ioredis' } as const
  const outages: readonly Outage[] = [
    { what: 'Redis is frozen', policy: 'local', happens: freeze },
    { what: 'Redis is killed and back empty', policy: 'refuse', happens: restart },
    { what: 'Redis is replaced by its replica', policy: 'local', happens: failOver, replica: true },
  ]
  const others: readonly Outage[] = [
    { what: 'a process is killed', policy: 'refuse', happens: (world) => world.killOne() },
    { what: 'a process is killed', policy: 'local', happens: (world) => world.killOne() },
    { what: 'Redis is frozen', policy: 'refuse', happens: freeze },
    { what: 'Redis is killed and back empty', policy: 'local', happens: restart },
    {
      what: 'Redis is killed, and the client sends again',
      policy: 'refuse',
      happens: restart,
      ...byIoredis,
    },
    {
      what: 'Redis is replaced by its replica',
      policy: 'refuse',
      happens: failOver,
      replica: true,
    },
    { what: 'Redis is paused', policy: 'refuse', happens: pause },
    { what: 'Redis is paused', policy: 'local', happens: pause },
  ]

  test.each(LONG ? [...outages, ...others] : outages)(
    '$what, $policy',
    async ({ policy, happens, ...how }) => {
      await run({ ...how, policy }, async (world) => {
        // Until every process has seen the others.
        await sleep(STORE.leaseMs / 3 + 800)
        await happens(world, policy)
      })
    },
    MOST_MS,
  )

  test(
    'scripts are flushed: no client notices',
    async () => {
      const { tally } = await run({ store: PATIENT }, async (world) => {
        for (let round = 0; round < 10; round += 1) {
          await world.redis.command('SCRIPT FLUSH')
          await sleep(50)
        }
      })
      expect(tally.reasons).not.toHaveProperty('admission_unavailable')
      expect(tally.broken).toBe(0)
    },
    MOST_MS,
  )

  test(
    'most content of unknown length, the pool nearly full: all finish, next to nothing is sent in vain',
    async () => {
      const { tally } = await run({
        limits: { bytes: LONG ? 10_000_000 : 1_500_000, slots: 300, tenantSlots: 300 },
        load: {
          chunked: 0.6,
          leaving: 0,
          ...(LONG ? { uploads: 1_500 } : { clients: 40, uploads: 80 }),
        },
        store: PATIENT,
        // Half of the largest: with less, more begin than can end, and wait for each other.
        options: {
          unknownLength: {
            first: LONG ? 224_000 : 90_000,
            step: 64_000,
            headroom: 0.3,
            waitMs: 30_000,
          },
        },
      })
      if (tally.inVain > tally.sent * 0.01) throw new Error(JSON.stringify(tally))
    },
    MOST_MS,
  )
})

async function freeze(world: World, policy: Policy): Promise<void> {
  world.redis.freeze()
  await sleep(LONG ? 4_000 : 1_200)
  // What was asked before has been answered, or given up: who is let in now was not counted by Redis.
  const from = process.hrtime.bigint()
  const goesOn = () => world.begunBetween(from, process.hrtime.bigint()) > 0
  if (policy === 'local') await until('uploads go on without Redis', goesOn)
  world.redis.thaw()
}

async function pause(world: World): Promise<void> {
  await world.redis.command(`CLIENT PAUSE ${LONG ? 3_000 : 600} ALL`)
  await sleep(LONG ? 4_000 : 1_000)
}

async function failOver(world: World): Promise<void> {
  await world.failOver()
}

async function restart(world: World): Promise<void> {
  await world.redis.kill()
  await sleep(300)
  await world.redis.begin()
}
