// What upload() costs: 1 GiB and 1 KiB against fetch with a Buffer and node:http by hand, interleaved in
// one run, medians of the rounds. usage: node interop/client/speed.mjs [--rounds 3] [--seconds 2]
import { fork } from 'node:child_process'
import http from 'node:http'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { upload } from '../../packages/client/dist/index.js'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
  },
})
const rounds = Number(values.rounds)
const LARGE = 1024 ** 3
const LARGE_PIECE = Buffer.alloc(LARGE)
const SMALL = Buffer.alloc(1024)
const AT_ONCE = 16

const sink = fork(path.join(import.meta.dirname, 'sink.mjs'))
const port = await new Promise((resolve) => sink.once('message', resolve))
const url = `http://127.0.0.1:${port}/`
const agent = new http.Agent({ keepAlive: true })

const clients = {
  'node:http by hand': byHand,
  fetch: async (body) => (await fetch(url, { method: 'PUT', body })).text(),
  'upload()': async (body) => (await upload(url, { body })).text(),
}

const rates = Object.fromEntries(
  Object.keys(clients).map((name) => [name, { large: [], small: [] }]),
)
for (let round = 0; round < rounds; round += 1) {
  for (const [name, send] of Object.entries(clients)) {
    if (values.only !== 'small') rates[name].large.push(await large(send))
    if (values.only !== 'large') rates[name].small.push(await small(send))
  }
}
console.log(`Node ${process.version}, ${rounds} rounds, medians`)
for (const [name, { large: mib, small: perSecond }] of Object.entries(rates)) {
  console.log(`${name.padEnd(18)} ${shown(mib)} MiB/s  ${shown(perSecond)} requests/s`)
}
sink.disconnect()
agent.destroy()
process.exit()

async function large(send) {
  const begin = performance.now()
  await send(LARGE_PIECE)
  return 1024 / ((performance.now() - begin) / 1000)
}

async function small(send) {
  const end = performance.now() + Number(values.seconds) * 1000
  let count = 0
  const one = async () => {
    while (performance.now() < end) {
      await send(SMALL)
      count += 1
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  return count / Number(values.seconds)
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

function shown(list) {
  const sorted = [...list].sort((a, b) => a - b)
  return String(Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)).padStart(7)
}
