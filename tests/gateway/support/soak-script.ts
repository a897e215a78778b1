// The child process of tests/gateway/soak.test.ts: many refusals through the gateway, by an upstream that
// notices content which it has refused, and then uploads that are accepted. LEAK leaves upstream
// connections open on purpose, to show that the look at descriptors would see it.

export const soakScript = `
import http from 'node:http'
import net from 'node:net'
import { readdirSync } from 'node:fs'
import { attach } from '@expectation/core/node'
import { gateway } from '@expectation/gateway'

const refusals = Number(process.env.REFUSALS)
const leak = process.env.LEAK !== undefined
const content = Buffer.alloc(20_000)
let served = 0
let misused = 0
const kept = []

/** One request at a time: refuses /no from the head and keeps the connection, where nothing may follow. */
const upstream = net.createServer((socket) => {
  if (leak) socket.unref()
  let refused = false
  let left = 0
  let text = ''
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    if (refused) { misused += 1; return }
    if (left > 0) { left -= chunk.length; if (left <= 0) done(); return }
    text += chunk.toString('latin1')
    const end = text.indexOf('\\r\\n\\r\\n')
    if (end === -1) return
    const head = text.slice(0, end)
    const rest = text.length - end - 4
    text = ''
    if (head.startsWith('PUT /no')) {
      refused = true
      socket.write('HTTP/1.1 401 No\\r\\nContent-Length: 2\\r\\n\\r\\nno')
      return
    }
    left = Number(/content-length: (\\d+)/i.exec(head)[1]) - rest
    if (/^expect:/im.test(head)) socket.write('HTTP/1.1 100 Continue\\r\\n\\r\\n')
    if (left <= 0) done()
  })
  function done() {
    served += 1
    socket.write('HTTP/1.1 201 Yes\\r\\nContent-Length: 3\\r\\n\\r\\nyes')
  }
})

function upload(port, path, asks) {
  return new Promise((resolve) => {
    let text = ''
    const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    client.setEncoding('latin1')
    client.write('PUT ' + path + ' HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 200000\\r\\n' +
      (asks ? 'Expect: 100-continue\\r\\n' : '') + '\\r\\n')
    if (!asks) client.write(content)
    client.on('data', (part) => {
      text += part
      if (text.startsWith('HTTP/1.1 100') && asks) { text = text.slice(25); client.write(Buffer.alloc(200_000)) }
      if (text.endsWith('yes')) client.end()
    })
    if (!asks && path === '/yes') client.write(Buffer.alloc(180_000))
    client.on('end', () => client.end())
    client.on('error', () => undefined)
    client.on('close', () => resolve(text.slice(9, 12)))
  })
}

async function run(port, count, path, wanted) {
  let next = 0
  let right = 0
  const lane = async () => {
    while (next < count) { next += 1; if ((await upload(port, path, next % 2 === 0)) === wanted) right += 1 }
  }
  await Promise.all(Array.from({ length: 40 }, lane))
  return right
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const descriptors = () => readdirSync('/proc/self/fd').length

async function main() {
  await new Promise((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  const upstreams = ['http://127.0.0.1:' + upstream.address().port]
  const agent = new http.Agent({ keepAlive: true })
  const server = http.createServer(gateway({ upstreams, ask: 'always', ...(leak ? { agent } : {}) }))
  attach(server, {})
  if (leak) agent.on('free', (socket) => kept.push(socket))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await run(port, 100, '/no', '401')
  await pause(300)
  const before = descriptors()
  if (leak) {
    for (let at = 0; at < 50; at += 1) kept.push(net.connect(upstream.address().port, '127.0.0.1'))
  }
  const refused = await run(port, refusals, '/no', '401')
  await pause(300)
  const after = descriptors()
  const accepted = await run(port, 100, '/yes', '201')
  console.log(JSON.stringify({ refused, accepted, served, misused, grown: after - before }))
  process.exit(0)
}
void main()
`
