// One server of the run, in a process of its own: `plain` Node, or the same application under
// `attached` (no options) or `gated` (options). Tells its memory and its connections when asked.

import http from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { attach } from '@expectation/core/node'

const [mode] = process.argv.slice(2)
const SAMPLE_MS = 20

let release
const released = new Promise((resolve) => {
  release = resolve
})

async function application(request, response) {
  if (request.url === '/open') {
    request.resume()
    await released
    response.end('open')
  } else if (request.url === '/events') {
    response.flushHeaders()
  } else if (request.method === 'POST') {
    let bytes = 0
    for await (const chunk of request) bytes += chunk.length
    response.end(String(bytes))
  } else {
    response.end('ok')
  }
}

const server = http.createServer((request, response) => {
  // A client that leaves ends the reading of its content: nobody is left to be answered.
  application(request, response).catch(() => response.destroy())
})
if (mode === 'attached') attach(server)
if (mode === 'gated') attach(server, { maxContentLength: 1e9 })

const loop = monitorEventLoopDelay({ resolution: 1 })
loop.enable()
let peak = 0
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().heapUsed)
}, SAMPLE_MS)

const questions = {
  memory() {
    peak = Math.max(peak, process.memoryUsage().heapUsed)
    globalThis.gc()
    return { peak, live: process.memoryUsage().heapUsed, blockedMs: loop.max / 1e6 }
  },
  release() {
    release()
    return true
  },
  cpu() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  connections() {
    return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))
  },
}

process.on('message', async (question) => process.send({ answer: await questions[question]() }))
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
