// `node --expose-gc benchmarks/gateway/waiting.mjs`: what an upload costs in memory while its upstream has
// not said anything. The gateway is measured in its own process; clients and upstream are in another.
import { fork } from 'node:child_process'
import { on, once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import { attach } from '@expectation/core/node'
import { gateway } from '@expectation/gateway'

const COUNT = 2000

if (process.argv[2] === 'others') await others()
else await measured()

/** Accepts connections and says nothing; then opens uploads that wait. */
async function others() {
  const upstream = net.createServer((socket) => socket.on('error', () => undefined).resume())
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  process.send({ upstream: upstream.address().port })
  for await (const [{ port }] of on(process, 'message')) await open(port)
}

async function open(port) {
  for (let at = 0; at < COUNT; at += 1) {
    const localAddress = `127.0.1.${1 + (at % 200)}`
    const socket = net.connect({ port, host: '127.0.0.1', localAddress })
    socket.on('error', () => undefined)
    socket.write(
      'PUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5000000\r\n\r\n',
    )
    if (at % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function measured() {
  const child = fork(fileURLToPath(import.meta.url), ['others'], { execArgv: [] })
  const [{ upstream }] = await once(child, 'message')
  const upstreams = [`http://127.0.0.1:${upstream}`]
  const server = http.createServer(gateway({ upstreams, continueTimeoutMs: 600_000 }))
  attach(server, {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const now = () => {
    global.gc()
    global.gc()
    const { heapUsed, external, rss } = process.memoryUsage()
    return { heap: heapUsed + external, rss }
  }
  /** The first batch also pays for what the process keeps: code, buffers, pages. */
  await batch(COUNT)
  const before = now()
  await batch(2 * COUNT)
  const after = now()
  const each = (what) => ((after[what] - before[what]) / COUNT / 1000).toFixed(1)
  console.log(`${COUNT} waiting uploads: ${each('heap')} kB of heap each, ${each('rss')} kB of RSS`)
  child.kill()
  process.exit()

  async function batch(expected) {
    child.send({ port: server.address().port })
    let connections = 0
    while (connections < expected) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      connections = await new Promise((resolve) => server.getConnections((_error, n) => resolve(n)))
    }
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}
