// Each chunk of an upload is memory outside V8's heap, which V8 counts in. Where its limit of the old
// generation is low, as in a young process, V8 marks and compacts again and again for it. This takes
// nearly 1 GiB through a real server and counts the collections, which do not depend on what else the
// machine does.
//
//   node benchmarks/findings/external-memory.mjs fastify:bare
//   node --initial-old-space-size=128 benchmarks/findings/external-memory.mjs fastify:bare
//   node benchmarks/findings/external-memory.mjs fastify:bare --objects=60000

import { fork } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { constants, PerformanceObserver } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const PIECE = Buffer.alloc(65_536)
/** Just below what the servers here refuse. */
const PIECES = 16_000
const BYTES = PIECES * PIECE.length

const { values, positionals } = parseArgs({
  options: { objects: { type: 'string', default: '0' }, port: { type: 'string' } },
  allowPositionals: true,
})

if (values.port === undefined) await serve(positionals[0])
else send(Number(values.port))

async function serve(name) {
  const { SERVERS } = await import('../servers/catalogue.mjs')
  const kept = Array.from({ length: Number(values.objects) }, (_, at) => ({ at, next: { at } }))
  const counted = { minor: 0, major: 0 }
  new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries()) {
      if (detail.kind === constants.NODE_PERFORMANCE_GC_MINOR) counted.minor += 1
      else if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) counted.major += 1
    }
  }).observe({ entryTypes: ['gc'] })
  const server = (await SERVERS[name]()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const before = process.cpuUsage()
  const { port } = server.address()
  await once(
    fork(fileURLToPath(import.meta.url), ['--port', String(port)], { execArgv: [] }),
    'exit',
  )
  const { user, system } = process.cpuUsage(before)
  // Observers are told a turn later.
  await new Promise((resolve) => setTimeout(resolve, 50))
  const heap = (process.memoryUsage().heapUsed / 1e6).toFixed(1)
  console.log(
    `${name}, ${kept.length} objects kept, heap ${heap} MB: ${counted.minor} scavenges, ` +
      `${counted.major} mark-compacts, ${Math.round(user / 1000)} ms of processor and ` +
      `${Math.round(system / 1000)} in the kernel for ${Math.round(BYTES / 2 ** 20)} MiB`,
  )
  process.exit()
}

function send(port) {
  const socket = net.connect(port, '127.0.0.1')
  let left = PIECES
  const more = () => {
    while (left > 0) {
      left -= 1
      if (!socket.write(PIECE)) return
    }
  }
  const type = 'Content-Type: application/octet-stream'
  socket.write(`POST /upload HTTP/1.1\r\nHost: a\r\n${type}\r\nContent-Length: ${BYTES}\r\n\r\n`)
  socket.on('drain', more)
  socket.on('data', () => process.exit())
  more()
}
