// One contestant of speed.mjs, in a process of its own, so that none runs on what another has left to the
// compiler and the garbage collector. Told `{ bytes, requests }`, it uploads and answers with the times.
// usage (forked): speed-client.mjs <node:http by hand|fetch|upload()> <url>
import http from 'node:http'
import { upload } from '../../packages/client/dist/index.js'

const [name, url] = process.argv.slice(2)
const AT_ONCE = 16
const agent = new http.Agent({ keepAlive: true })
const bodies = new Map()

const clients = {
  'node:http by hand': byHand,
  fetch: async (body) => (await fetch(url, { method: 'PUT', body })).text(),
  'upload()': async (body) => (await upload(url, { body })).text(),
}
const send = clients[name]

process.on('message', async ({ bytes, requests }) => process.send(await slice(bytes, requests)))
process.on('disconnect', () => process.exit())
process.send('ready')

async function slice(bytes, requests) {
  const body = bodies.get(bytes) ?? Buffer.alloc(bytes)
  bodies.set(bytes, body)
  let left = requests
  const before = process.cpuUsage()
  const begin = performance.now()
  const one = async () => {
    while (left > 0) {
      left -= 1
      await send(body)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  const ms = performance.now() - begin
  const { user, system } = process.cpuUsage(before)
  return { ms, cpu: (user + system) / requests }
}

function byHand(body) {
  return new Promise((resolve, reject) => {
    const options = { agent, method: 'PUT', headers: { 'Content-Length': body.length } }
    const request = http.request(url, options, (response) => {
      const pieces = []
      response.on('data', (piece) => pieces.push(piece))
      response.on('end', () => resolve(Buffer.concat(pieces).toString()))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}
