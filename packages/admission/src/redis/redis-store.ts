// `redisStore(client, { pool })`: counts for all processes and machines that use the same pool.

import { OptionError, readMilliseconds, rejectUnknownNames } from '@expectation/core'
import type { AdmissionStore, Limits, Pool, PoolSettings } from '../store.js'
import { warnOnce } from '../warn-once.js'
import { type Evaluate, evaluateBy, type RedisClient } from './client.js'
import { Link } from './link.js'
import { RedisPool } from './pool.js'

export interface RedisStoreOptions {
  /**
   * What is shared: all processes that name the same pool count together, and have to set the same
   * limits. Letters, digits and `_ . : -`, 100 at most. Default: `'uploads'`.
   */
  readonly pool?: string | undefined
  /**
   * How long a claim outlives its process, in milliseconds, 1000 to 3600000: what a process that was
   * killed held is free after it. Renewed every third of it. Default: `15000`.
   */
  readonly leaseMs?: number | undefined
  /**
   * How long the server may take to answer, in milliseconds, 1 to 10000; then it counts as away.
   * Where the server shares busy cores with others it wants 400. Default: `100`.
   */
  readonly timeoutMs?: number | undefined
  /**
   * After the server has lost its memory, or processes went on without it: how long they may take to
   * say what they hold before it decides again, in milliseconds, 0 to 60000. A process that cannot
   * be back within it, because its client waits longer before it connects again, may be missing in
   * the count until it is. Default: `1000`.
   */
  readonly graceMs?: number | undefined
}

const NAMES = ['pool', 'leaseMs', 'timeoutMs', 'graceMs'] as const
const POOL = /^[\w.:-]{1,100}$/

/**
 * Counts in Redis 6 or newer, by the client that the application has: of `redis` or `ioredis`, one
 * server or a cluster; or by a function that runs a Lua script. The client stays the application's:
 * it connects it, listens to its errors and closes it, after {@link Admission.close}.
 *
 * @throws `OptionError` for what is no client, and for wrong options.
 *
 * @example
 * const redis = await createClient({ url: process.env.REDIS_URL }).connect()
 * const uploads = admission({ slots: 200, store: redisStore(redis, { pool: 'uploads' }) })
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): AdmissionStore {
  const evaluate = evaluateBy(client)
  rejectUnknownNames('redisStore', options, NAMES)
  const { pool = 'uploads' } = options
  if (typeof pool !== 'string' || !POOL.test(pool)) {
    const remedy = 'Give 1 to 100 letters, digits, dots, colons, underscores or hyphens.'
    throw new OptionError({ option: 'redisStore.pool', received: pool, remedy })
  }
  const ms = (name: 'leaseMs' | 'timeoutMs' | 'graceMs', least: number, most: number) =>
    readMilliseconds(`redisStore.${name}`, options[name], least, most)
  const leaseMs = ms('leaseMs', 1_000, 3_600_000) ?? 15_000
  const timeoutMs = ms('timeoutMs', 1, 10_000) ?? 100
  if (timeoutMs > leaseMs / 3) {
    const remedy = 'Give at most a third of leaseMs, or leases end before they can be renewed.'
    throw new OptionError({ option: 'redisStore.timeoutMs', received: timeoutMs, remedy })
  }
  const graceMs = ms('graceMs', 0, 60_000) ?? 1_000
  return new RedisStore(client, { name: pool, evaluate, leaseMs, timeoutMs, graceMs })
}

interface Settings {
  readonly name: string
  readonly evaluate: Evaluate
  readonly leaseMs: number
  readonly timeoutMs: number
  readonly graceMs: number
}

class RedisStore implements AdmissionStore {
  readonly name: string
  readonly #client: RedisClient
  readonly #settings: Settings

  constructor(client: RedisClient, settings: Settings) {
    this.name = settings.name
    this.#client = client
    this.#settings = settings
  }

  /** @internal */
  open(pool: PoolSettings): Pool {
    const { name, evaluate, timeoutMs, leaseMs, graceMs } = this.#settings
    const onClosed = openedWith(this.#client, name, pool.limits)
    const link = new Link({ pool: name, evaluate, timeoutMs, meter: pool.meter })
    return new RedisPool({ link, leaseMs, graceMs, onClosed }, pool)
  }
}

const opened = new WeakMap<RedisClient, Map<string, Limits[]>>()

/** Two limits of one pool: whoever asks with the larger one takes what the other thinks is full. */
function openedWith(client: RedisClient, name: string, limits: Limits): () => void {
  const pools = opened.get(client) ?? new Map<string, Limits[]>()
  opened.set(client, pools)
  const others = pools.get(name) ?? []
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(limits))) {
    warnOnce(
      'EXPECTATION_WRN_ADMISSION_LIMITS_DIFFER',
      `Two admissions of this process use the pool '${name}' with different limits.`,
    )
  }
  pools.set(name, [...others, limits])
  return () => {
    const left = (pools.get(name) ?? []).filter((other) => other !== limits)
    if (left.length > 0) pools.set(name, left)
    else pools.delete(name)
  }
}
