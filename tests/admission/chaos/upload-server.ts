// One process of the chaos suite: uploads behind a gate with admission, and a witness. The witness is
// a file to which handlers write when they begin and end, by the machine's own clock: it survives kill -9
// and knows nothing of what the store counts.

import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { openSync, writeSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import {
  type AdmissionOptions,
  admission,
  type RedisClient,
  redisStore,
} from '@expectation/admission'
import { ADMISSION_CHANNEL, type AdmissionEvent } from '@expectation/core'
import { errorHandler, expectation } from '@expectation/express'
import express from 'express'
import Redis from 'ioredis'
import { createClient } from 'redis'

export interface ServerSettings {
  readonly socket: string
  readonly witness: string
  readonly client: 'redis' | 'ioredis'
  readonly options: Omit<AdmissionOptions, 'tenant' | 'store'>
  readonly store: { readonly leaseMs: number; readonly timeoutMs: number; readonly graceMs: number }
}

const settings = JSON.parse(process.env.CHAOS_SETTINGS ?? '') as ServerSettings
const witness = openSync(settings.witness, 'a')
let uploadsSoFar = 0

function note(kind: 'begin' | 'end', id: number, bytes = 0, tenant = ''): void {
  const line = {
    kind,
    id: `${process.pid}.${id}`,
    at: process.hrtime.bigint().toString(),
    bytes,
    tenant,
  }
  writeSync(witness, `${JSON.stringify(line)}\n`)
}

/** What the store was like: how often it was away, and what it took to answer, at the most. */
const store = { downs: 0, slowestMs: 0 }
subscribe(ADMISSION_CHANNEL, (message) => {
  const event = message as AdmissionEvent
  if (event.kind === 'store' && event.state === 'down') store.downs += 1
  if (event.kind === 'asked') store.slowestMs = Math.max(store.slowestMs, event.tookMs)
})

/** Nothing of this process runs for so long, from when the store has been asked. */
function stall(ms: number): void {
  setImmediate(() =>
    setImmediate(() => {
      const until = performance.now() + ms
      while (performance.now() < until);
    }),
  )
}

const uploads = admission({
  ...settings.options,
  tenant: (head) => {
    const stallMs = head.headers['x-stall']
    if (stallMs !== undefined) stall(Number(stallMs))
    return String(head.headers['x-tenant'])
  },
  store: redisStore(connect(), settings.store),
})

function connect(): RedisClient {
  if (settings.client === 'ioredis') {
    const client = new Redis(settings.socket, { retryStrategy: () => 50 })
    client.on('error', () => {})
    return client
  }
  const client = createClient({
    socket: { path: settings.socket, tls: false, reconnectStrategy: () => 50 },
  })
  client.on('error', () => {})
  client.connect().catch(() => {})
  return client
}

const app = express()
app.use(expectation({ checks: [uploads], checkTimeoutMs: 2000 }))
app.get('/store', (_request, response) => void response.json({ ...store, now: Date.now() }))
app.put('/files/:name', async (request, response) => {
  uploadsSoFar += 1
  const id = uploadsSoFar
  note(
    'begin',
    id,
    Number(request.headers['content-length'] ?? 0),
    String(request.headers['x-tenant']),
  )
  try {
    for await (const _part of request);
  } finally {
    // Before the answer, which gives the slot back.
    note('end', id)
  }
  response.sendStatus(201)
})
app.use(errorHandler({ log: () => {} }))
const server = app.listen(0, '127.0.0.1', () => {
  console.log(String((server.address() as AddressInfo).port))
})
process.once('SIGTERM', () => {
  const closed = once(server, 'close')
  server.close()
  Promise.all([uploads.close(), closed]).then(() => process.exit(0))
})
