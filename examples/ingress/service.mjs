// One of the two services: an Express application that asks admission, then the storage, then the client.
// It tells its parent where it listens, what it decides, and what it holds.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { S3Client } from '@aws-sdk/client-s3'
import { admission, memoryStore, redisStore } from '@expectation/admission'
import { errorHandler, expectation, Refusal } from '@expectation/express'
import { toS3 } from '@expectation/storage'
import express from 'express'
import { createClient } from 'redis'
import { tellBytes } from './tell-bytes.mjs'

const { name, endpoint, redisSocket, token, slots, ownSlots, tenantSlots } = JSON.parse(
  process.env.INGRESS,
)
const tell = (message) => process.connected && process.send(message)

const redis = redisSocket && createClient({ socket: { path: redisSocket, tls: false } })
if (redis) {
  redis.on('error', () => {})
  await redis.connect()
}

// What both services take together, and how much of it one tenant may have.
const shared = admission({
  slots,
  tenant: (head) => head.headers['x-tenant'],
  tenantSlots,
  waitMs: 200,
  store: redis ? redisStore(redis, { pool: 'ingress', leaseMs: 3000 }) : memoryStore(),
})
// What this process takes: the gateway gives the rest to the other one.
const own = admission({ slots: ownSlots })

const client = new S3Client({
  endpoint,
  region: 'us-east-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'test:writer', secretAccessKey: 'secret' },
})
const key = (request) => request.params.name
const save = toS3({ client, bucket: 'uploads', key, checksum: 'sha256' })
// There is no such bucket: the storage refuses.
const saveToVault = toS3({ client, bucket: 'vault', key })

const app = express()
app.disable('x-powered-by')
app.use(
  expectation({
    onOutcome: ({ target: path, status, reason, receivedBytes }) =>
      tell({ outcome: { path, status, reason, receivedBytes } }),
  }),
)
app.use((request, _response, next) => {
  if (request.get('authorization') === `Bearer ${token}`) next()
  else throw new Refusal(401, { headers: { 'WWW-Authenticate': 'Bearer' } })
})
app.use(
  expectation({
    acceptedTypes: ['video/*', 'application/octet-stream'],
    checks: [own, shared],
  }),
)
const route = (store) => async (request, response) => {
  tell({ started: request.params.name })
  response.status(201).json({ ...(await store(request, response)), by: name })
}
app.put('/files/:name', route(save))
app.put('/vault/:name', route(saveToVault))
app.use(errorHandler({ log: () => {} }))

const server = createServer(app).listen(0, '127.0.0.1')
await once(server, 'listening')
tell({ port: server.address().port })
tellBytes(server, (bytes) => tell({ bytes, held: shared.stats().slots }))

async function leave() {
  server.close()
  server.closeIdleConnections()
  await Promise.all([shared.close({ drainMs: 1000 }), own.close({ drainMs: 1000 })])
  redis?.destroy()
  process.exit(0)
}
process.once('SIGTERM', leave)
process.once('disconnect', leave)
// Ctrl-C reaches every process of the terminal; the parent ends this one.
process.on('SIGINT', () => {})
