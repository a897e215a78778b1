// Admissions that share one server, each a process of its own as far as the server can tell.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type AdmissionOptions, admission, redisStore } from '@expectation/admission'
import { ADMISSION_CHANNEL, type AdmissionEvent, Grant, Refusal } from '@expectation/core'
import { afterThisTest } from '../../support/cleanup.js'
import { ask, giveBack } from './asking.js'
import { type ClientName, clientOf } from './clients.js'
import type { RedisServer } from './redis-server.js'
import { until } from './until.js'

interface StoreOptions {
  readonly client?: ClientName
  readonly leaseMs?: number
  readonly graceMs?: number
  readonly timeoutMs?: number
}

/** Not waiting for the server, which may be away. */
export async function joining(
  server: RedisServer,
  options: AdmissionOptions,
  { client = 'redis', ...store }: StoreOptions = {},
) {
  const uploads = admission({
    ...options,
    store: redisStore(await clientOf(client, server), { timeoutMs: 300, ...store }),
  })
  afterThisTest(() => uploads.close({ drainMs: 0 }))
  return uploads
}

/** Resolves when it is let in or refused by the server. */
export async function joined(server: RedisServer, options: AdmissionOptions, store?: StoreOptions) {
  const uploads = await joining(server, options, store)
  await until('the process has joined', async () => {
    const answer = await ask(uploads)
    if (answer instanceof Grant) giveBack(answer)
    return answer instanceof Grant || (answer instanceof Refusal && answer.status !== 503)
  })
  return uploads
}

/** Everything that is told on the channel during the test. */
export function heard(): AdmissionEvent[] {
  const events: AdmissionEvent[] = []
  const take = (message: unknown) => void events.push(message as AdmissionEvent)
  subscribe(ADMISSION_CHANNEL, take)
  afterThisTest(() => void unsubscribe(ADMISSION_CHANNEL, take))
  return events
}

export const nothingHeld = (server: RedisServer) =>
  until('nothing is held', async () => (await server.command('HLEN {uploads}:claims')) === ':0')
