// What upload() costs: 1 GiB and 1 KiB against fetch with a Buffer and node:http by hand, interleaved in
// one run. Of 1 GiB the median counts; small ones alternate in slices of 400, and the tenth quickest counts,
// in which the machine had least else to do. Processor time is that of this process.
// usage: node interop/client/speed.mjs [--rounds 3] [--slices 60] [--only small] [--without fetch]
import { fork } from 'node:child_process'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { upload } from '../../packages/client/dist/index.js'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    slices: { type: 'string', default: '60' },
    only: { type: 'string', default: '' },
    without: { type: 'string', default: '' },
  },
})
const rounds = Number(values.rounds)
const LARGE = 1024 ** 3
const LARGE_PIECE = Buffer.alloc(LARGE)
const SMALL = Buffer.alloc(1024)
const AT_ONCE = 16
const SLICE = 400
/** V8 compiles anew for so many slices. */
const WARM = 12

const sink = fork(path.join(import.meta.dirname, 'sink.mjs'))
const port = await new Promise((resolve) => sink.once('message', resolve))
const url = `http://127.0.0.1:${port}/`
const agent = new http.Agent({ keepAlive: true })

const clients = {
  'node:http by hand': byHand,
  fetch: async (body) => (await fetch(url, { method: 'PUT', body })).text(),
  'upload()': async (body) => (await upload(url, { body })).text(),
}

delete clients[values.without]

console.log(`Node ${process.version}, load ${os.loadavg()[0].toFixed(0)}`)
if (values.only !== 'small') await measureLarge()
if (values.only !== 'large') await measureSmall()
sink.disconnect()
agent.destroy()
process.exit()

async function measureLarge() {
  const rates = Object.fromEntries(Object.keys(clients).map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, send] of Object.entries(clients)) {
      const begin = performance.now()
      await send(LARGE_PIECE)
      rates[name].push(1024 / ((performance.now() - begin) / 1000))
    }
  }
  for (const [name, list] of Object.entries(rates)) {
    console.log(`${name.padEnd(18)} 1 GiB: ${Math.round(median(list))} MiB/s`)
  }
}

async function measureSmall() {
  const names = Object.keys(clients)
  const seen = Object.fromEntries(names.map((name) => [name, []]))
  for (const name of names) for (let warm = 0; warm < WARM; warm += 1) await slice(name)
  for (let round = 0; round < Number(values.slices); round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      seen[name].push(await slice(name))
    }
  }
  const quick = (name, what) => {
    const sorted = seen[name].map((each) => each[what]).toSorted((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 10)]
  }
  for (const name of names) {
    const [ms, cpu] = ['ms', 'cpu'].map((what) => quick(name, what))
    const base = quick('node:http by hand', 'ms')
    console.log(
      `${name.padEnd(18)} 1 KiB: ${Math.round((SLICE / ms) * 1000)} requests/s, ` +
        `${(base / ms).toFixed(2)} of by hand, ${cpu.toFixed(1)} µs of processor each`,
    )
  }
}

async function slice(name) {
  let left = SLICE
  const before = process.cpuUsage()
  const begin = performance.now()
  const one = async () => {
    while (left > 0) {
      left -= 1
      await clients[name](SMALL)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  const { user, system } = process.cpuUsage(before)
  return { ms: performance.now() - begin, cpu: (user + system) / SLICE }
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

function median(list) {
  const sorted = list.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
