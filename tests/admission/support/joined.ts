// Admissions that share one server, each a process of its own as far as the server can tell.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import {
  type Admission,
  type AdmissionOptions,
  admission,
  redisStore,
} from '@expectation/admission'
import { ADMISSION_CHANNEL, type AdmissionEvent, Grant, Refusal } from '@expectation/core'
import { afterThisTest } from '../../support/cleanup.js'
import { ask, giveBack } from './asking.js'
import { type ClientName, clientOf, type RedisAddress } from './clients.js'
import type { RedisServer } from './redis-server.js'
import { until } from './until.js'

interface StoreOptions {
  readonly client?: ClientName
  readonly leaseMs?: number
  readonly graceMs?: number
  readonly timeoutMs?: number
}

/** Longer than a machine that is busy with other tests keeps a server waiting: no outage is meant. */
const PATIENT_MS = 3_000

/** Not waiting for the server, which may be away. */
export async function joining(
  server: RedisAddress,
  options: AdmissionOptions,
  { client = 'redis', ...store }: StoreOptions = {},
) {
  const uploads = admission({
    ...options,
    store: redisStore(await clientOf(client, server), { timeoutMs: PATIENT_MS, ...store }),
  })
  afterThisTest(() => uploads.close({ drainMs: 0 }))
  return uploads
}

/** Resolves when it is let in or refused by the server. */
export async function joined(
  server: RedisAddress,
  options: AdmissionOptions,
  store?: StoreOptions,
) {
  const uploads = await joining(server, options, store)
  await until('the process has joined', async () => {
    const answer = await ask(uploads)
    if (answer instanceof Grant) giveBack(answer)
    return answer instanceof Grant || (answer instanceof Refusal && answer.status !== 503)
  })
  return uploads
}

/** Asks until it is let in: by a server that gets no processor for a moment it is not. */
export async function letIn(uploads: Admission, length?: number | 'chunked'): Promise<Grant> {
  const grants: Grant[] = []
  await until('it is let in', async () => {
    const answer = await ask(uploads, length)
    if (answer instanceof Grant) grants.push(answer)
    return answer instanceof Grant
  })
  const [grant] = grants
  if (grant === undefined) throw new Error('nothing was granted')
  return grant
}

/** Everything that is told on the channel during the test. */
export function heard(): AdmissionEvent[] {
  const events: AdmissionEvent[] = []
  const take = (message: unknown) => void events.push(message as AdmissionEvent)
  subscribe(ADMISSION_CHANNEL, take)
  afterThisTest(() => void unsubscribe(ADMISSION_CHANNEL, take))
  return events
}

/** What the server counts is what it knows. @returns How many claims it knows. */
export async function counted(server: RedisServer): Promise<number> {
  const number = async (line: string) =>
    Number(/(-?\d+)$/.exec(await server.command(line))?.[1] ?? Number.NaN)
  const values = await server.command('HVALS {uploads}:claims')
  const claims = [...values.matchAll(/^(\d+)\|/gm)].map(([, bytes]) => Number(bytes))
  expect(await number('HGET {uploads}:used s')).toBe(claims.length)
  expect(await number('HGET {uploads}:used b')).toBe(claims.reduce((sum, one) => sum + one, 0))
  expect(await number('ZCARD {uploads}:expiry')).toBe(claims.length)
  return claims.length
}

export const nothingHeld = (server: RedisServer) =>
  until('nothing is held', async () => (await server.command('HLEN {uploads}:claims')) === ':0')
