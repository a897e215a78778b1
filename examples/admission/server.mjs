// One upload service of several: an Express application with one check, `admission`. It tells its parent
// where it listens, and twice a second what it holds.
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { admission, redisStore } from '@expectation/admission'
import { errorHandler, expectation } from '@expectation/express'
import express from 'express'
import { createClient } from 'redis'

const [socket] = process.argv.slice(2)
const redis = createClient({ socket: { path: socket, tls: false } })
redis.on('error', () => {})
await redis.connect()

const uploads = admission({
  slots: 12,
  bytes: '6mb',
  tenant: (head) => head.headers['x-tenant'],
  tenantSlots: 4,
  store: redisStore(redis, { pool: 'example', leaseMs: 3000 }),
})

const app = express()
app.put('/files/:name', expectation({ checks: [uploads] }), async (request, response) => {
  for await (const _part of request);
  response.sendStatus(201)
})
app.use(errorHandler())

const counts = { granted: 0, refused: 0 }
subscribe('expectation:admission', ({ kind }) => {
  if (kind in counts) counts[kind] += 1
})

const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
process.send({ port: server.address().port })
setInterval(() => process.send({ ...uploads.stats(), ...counts }), 250).unref()

async function leave() {
  server.close()
  server.closeIdleConnections()
  await uploads.close({ drainMs: 2000 })
  redis.destroy()
  process.exit(0)
}
process.once('SIGTERM', leave)
process.once('disconnect', leave)
// Ctrl-C reaches every process of the terminal; the parent ends this one.
process.on('SIGINT', () => {})
