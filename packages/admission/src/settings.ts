// Options of `admission()`, checked and brought into numbers once. `Infinity` is no limit.

import {
  OptionError,
  readBoolean,
  readChoice,
  readCount,
  readMilliseconds,
  readSize,
  rejectUnknownNames,
} from '@expectation/core'
import { memoryStore } from './memory-store.js'
import type { AdmissionOptions, TenantOf } from './options.js'
import type { AdmissionStore, Limits, OnStoreFailure, Pool, PoolSettings } from './store.js'
import { readUnknownLength, type UnknownLength } from './unknown-length.js'

export interface Settings {
  readonly limits: Limits
  readonly tenant: TenantOf<unknown> | undefined
  readonly unknownLength: UnknownLength
  readonly waitMs: number
  readonly maxWaiting: number
  readonly store: AdmissionStore
  readonly onStoreFailure: OnStoreFailure
  readonly advertise: boolean
}

const NAMES = [
  'slots',
  'bytes',
  'tenant',
  'tenantSlots',
  'tenantBytes',
  'unknownLength',
  'waitMs',
  'maxWaiting',
  'store',
  'onStoreFailure',
  'advertise',
] as const satisfies readonly (keyof AdmissionOptions)[]

/** Below the gate's default of 800 ms for all checks, with 100 ms left for the store. */
const LONGEST_WAIT_MS = 700

/** @throws {@link OptionError} for the first option that is unknown or of the wrong kind. */
export function readSettings<Request>(options: AdmissionOptions<Request>): Settings {
  rejectUnknownNames('admission', options, NAMES)
  const bytes = readSize('bytes', options.bytes, 1) ?? Number.POSITIVE_INFINITY
  const tenantSlots = readCount('tenantSlots', options.tenantSlots, 1)
  const tenantBytes = readSize('tenantBytes', options.tenantBytes, 1)
  const tenant: unknown = options.tenant
  if (tenant !== undefined && typeof tenant !== 'function') {
    const remedy = 'Give a function (head, { request }) that returns a string or undefined.'
    throw new OptionError({ option: 'tenant', received: tenant, remedy })
  }
  if (tenant === undefined && (tenantSlots ?? tenantBytes) !== undefined) {
    const option = tenantSlots === undefined ? 'tenantBytes' : 'tenantSlots'
    const remedy = 'Give tenant as well, a function that says whose upload it is.'
    throw new OptionError({ option, received: tenantSlots ?? tenantBytes, remedy })
  }
  const most = { bytes, tenantBytes: tenantBytes ?? Number.POSITIVE_INFINITY }
  const unknownLength = readUnknownLength(options.unknownLength, most)
  return {
    limits: {
      slots: readCount('slots', options.slots, 1) ?? Number.POSITIVE_INFINITY,
      bytes,
      openBytes: unknownLength.openOf(bytes),
      tenantSlots: tenantSlots ?? Number.POSITIVE_INFINITY,
      tenantBytes: most.tenantBytes,
      tenantOpenBytes: unknownLength.openOf(most.tenantBytes),
    },
    tenant: options.tenant,
    unknownLength,
    waitMs: readMilliseconds('waitMs', options.waitMs, 0, LONGEST_WAIT_MS) ?? 0,
    maxWaiting: readCount('maxWaiting', options.maxWaiting, 1) ?? 1000,
    store: readStore(options.store) ?? memoryStore(),
    onStoreFailure:
      readChoice('onStoreFailure', options.onStoreFailure, ['refuse', 'local', 'admit']) ??
      'refuse',
    advertise: readBoolean('advertise', options.advertise) ?? false,
  }
}

function readStore(store: AdmissionStore | undefined): AdmissionStore | undefined {
  if (store === undefined) return undefined
  if (typeof store === 'object' && store !== null && typeof store.open === 'function') return store
  throw noStore(store)
}

/** What merely has a method of that name, as clients and files do, opens no pool. */
export function openPool(store: AdmissionStore, settings: PoolSettings): Pool {
  const pool = store.open(settings)
  for (const name of ['newId', 'acquire', 'extend', 'release', 'close'] as const) {
    if (typeof pool?.[name] !== 'function') throw noStore(store)
  }
  return pool
}

function noStore(received: unknown): OptionError {
  return new OptionError({
    option: 'store',
    received,
    remedy: 'Give memoryStore() or redisStore(client); a client alone is not a store.',
  })
}
