// A child with one server in it, which answers questions about itself.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { GCProfiler, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { SERVERS } from './catalogue.mjs'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
const server = await SERVERS[process.argv[2]]()

const connections = new Set()
let closedBytes = 0

function follow(socket) {
  connections.add(socket)
  socket.once('close', () => {
    connections.delete(socket)
    closedBytes += socket.bytesRead
  })
}

let kept
let delay
let peak
let sampler
let collections
const SAMPLE_MS = 20

function sample() {
  const { heapUsed, external, rss } = usedBytes()
  peak.usedBytes = Math.max(peak.usedBytes, heapUsed + external)
  peak.rss = Math.max(peak.rss, rss)
}

function usedBytes() {
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heapUsed, external, rss }
}

const questions = {
  cpu: () => process.cpuUsage(),
  /** What a real application keeps: small objects, old by now. */
  ballast(objects) {
    kept = Array.from({ length: objects }, (_, at) => ({ at, name: `object ${at}`, next: {} }))
    collect()
    return kept.length
  },
  memory() {
    collect()
    collect()
    return usedBytes()
  },
  /**
   * Only where it is asked for: a Set that grows and shrinks all the time makes V8's scavenger keep
   * closed sockets, with what hangs on them, until the next full collection (FINDINGS.md).
   */
  follow() {
    server.on('connection', follow)
    return true
  },
  /** Bytes read from the sockets that are followed: heads and content. */
  received: () => [...connections].reduce((sum, { bytesRead }) => sum + bytesRead, closedBytes),
  open: () => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))),
  watch() {
    peak = { usedBytes: 0, rss: 0 }
    sampler = setInterval(sample, SAMPLE_MS)
    collections = new GCProfiler()
    collections.start()
    delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    return true
  },
  async watched() {
    // Its message may come before timers that have long been due.
    await new Promise((resolve) => setTimeout(resolve, 2 * SAMPLE_MS))
    delay.disable()
    clearInterval(sampler)
    // A turn that takes seconds is not sampled; its peak is what V8 found when it collected.
    for (const { beforeGC } of collections.stop().statistics) {
      const { usedHeapSize, externalMemory } = beforeGC.heapStatistics
      peak.usedBytes = Math.max(peak.usedBytes, usedHeapSize + externalMemory)
    }
    return { peak, delayP99Ms: delay.percentile(99) / 1e6, delayMaxMs: delay.max / 1e6 }
  },
}

process.on('message', async ({ id, question, detail }) => {
  process.send({ id, answer: await questions[question](detail) })
})
process.on('disconnect', () => process.exit())
server.listen({ port: 0, host: '127.0.0.1', backlog: 8192 }, () => {
  process.send({ id: 'listening', answer: server.address().port })
})
