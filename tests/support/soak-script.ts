// The child process of tests/delivery/nothing-left.test.ts: many refusals, then a look at what is
// left. LEAK makes the application leak on purpose, to show that the look would see it.

export const soakScript = `
import express from 'express'
import net from 'node:net'
import { expectation, errorHandler } from '@expectation/express'

const refusals = Number(process.env.REFUSALS)
const leak = process.env.LEAK
const kept = []
const declared = 1_000_000
const content = Buffer.alloc(20_000)
const linger = { idleMs: 1000, totalMs: 2000 }

const app = express()
app.use((req, res, next) => {
  if (leak === 'references') kept.push(req)
  if (leak === 'timers') setTimeout(() => undefined, 3_600_000)
  if (leak === 'listeners') process.on('message', () => undefined)
  if (leak === 'sockets') req.socket.destroy = () => req.socket
  next()
})
app.use(expectation({ maxContentLength: '100kb', linger, onOutcome: () => undefined }))
app.put('/early', (req, res) => res.status(401).json({ mine: true }))
app.put('/drop', async (req, res) => {
  for await (const part of req) break
  res.status(507).json({ mine: true })
})
app.use(errorHandler())

const KINDS = [
  { status: 413, head: 'PUT /large HTTP/1.1\\r\\nContent-Length: ' + declared },
  { status: 417, head: 'PUT /large HTTP/1.1\\r\\nExpect: other\\r\\nContent-Length: ' + declared },
  { status: 413, head: 'PUT /large HTTP/1.1\\r\\nExpect: 100-continue\\r\\nContent-Length: ' + declared },
  { status: 401, head: 'PUT /early HTTP/1.1\\r\\nContent-Length: 99000' },
  { status: 507, head: 'PUT /drop HTTP/1.1\\r\\nContent-Length: 99000' },
  { status: 404, head: 'PUT /none HTTP/1.1\\r\\nTransfer-Encoding: chunked', chunked: true },
]
const chunk = Buffer.concat([Buffer.from('4e20\\r\\n'), content, Buffer.from('\\r\\n')])

function refuse(port, { status, head, chunked }) {
  return new Promise((resolve) => {
    let text = ''
    const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    client.setEncoding('latin1')
    client.write(head + '\\r\\nHost: a\\r\\n\\r\\n')
    client.write(chunked ? chunk : content)
    client.on('data', (part) => { text += part })
    client.on('end', () => client.end())
    client.on('error', () => undefined)
    client.on('close', () => resolve(text.startsWith('HTTP/1.1 ' + status)))
    if (leak === 'sockets') setTimeout(() => client.destroy(), 50)
  })
}

let delivered = 0
async function run(port, count) {
  let next = 0
  const lane = async () => {
    while (next < count) if (await refuse(port, KINDS[next++ % KINDS.length])) delivered += 1
  }
  await Promise.all(Array.from({ length: 40 }, lane))
}

const turn = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const tally = () => {
  const kinds = {}
  for (const kind of process.getActiveResourcesInfo()) kinds[kind] = (kinds[kind] ?? 0) + 1
  return kinds
}
const listeners = (server) => [server, process].reduce((sum, emitter) =>
  sum + emitter.eventNames().reduce((n, name) => n + emitter.listenerCount(name), 0), 0)
const connections = (server) => new Promise((resolve) => server.getConnections((_e, n) => resolve(n)))

/** Waits for lingers to end by themselves, within their own bounds. */
async function settled(server) {
  for (let look = 0; look < 60 && (await connections(server)) > 0; look += 1) await turn(50)
  for (let look = 0; look < 4; look += 1) { global.gc(); await turn(20) }
}

const server = app.listen(0, '127.0.0.1', async () => {
  const { port } = server.address()
  const warm = Math.min(1000, refusals)
  await run(port, warm)
  await settled(server)
  const before = { kinds: tally(), listeners: listeners(server), heap: process.memoryUsage().heapUsed }
  delivered = 0
  await run(port, refusals)
  await settled(server)
  const resources = {}
  for (const [kind, count] of Object.entries(tally())) {
    const more = count - (before.kinds[kind] ?? 0)
    if (more > 0) resources[kind] = more
  }
  console.log(JSON.stringify({
    refusals,
    delivered,
    connections: await connections(server),
    resources,
    listeners: listeners(server) - before.listeners,
    heapGrowth: process.memoryUsage().heapUsed - before.heap,
    kept: kept.length,
  }))
  process.exit(0)
})
`
