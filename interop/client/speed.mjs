// What upload() costs: 1 GiB, and 1 KiB sixteen at once, against fetch with a Buffer and node:http by hand.
// Each has a process of its own, and they take turns in short slices, in an order that changes with every
// round: what counts is the ratio within a round, of which the median is told, since everything else that
// the machine does comes over all of them alike.
// usage: node interop/client/speed.mjs [--rounds 5] [--slices 150] [--only small] [--without fetch]
import { fork } from 'node:child_process'
import { once } from 'node:events'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    slices: { type: 'string', default: '150' },
    only: { type: 'string', default: '' },
    without: { type: 'string', default: '' },
  },
})
const LARGE = { bytes: 1024 ** 3, requests: 1 }
const SMALL = { bytes: 1024, requests: 400 }
/** V8 compiles anew for so many slices. */
const WARM = 40
const HAND = 'node:http by hand'
const OURS = 'upload()'

const sink = child('sink.mjs')
const [port] = await once(sink, 'message')
const names = [HAND, 'fetch', OURS].filter((name) => name !== values.without)
const children = new Map()
for (const name of names) {
  const made = child('speed-client.mjs', name, `http://127.0.0.1:${port}/`)
  await once(made, 'message')
  children.set(name, made)
}

console.log(
  `Node ${process.version}, load ${os.loadavg()[0].toFixed(0)} on ${os.cpus().length} cores`,
)
if (values.only !== 'small') {
  const seen = await measure(LARGE, Number(values.rounds))
  tell('1 GiB', seen, (ms) => `${Math.round(1_024_000 / ms)} MiB/s`)
}
if (values.only !== 'large') {
  for (const name of names) for (let warm = 0; warm < WARM; warm += 1) await slice(name, SMALL)
  const seen = await measure(SMALL, Number(values.slices))
  tell('1 KiB', seen, (ms) => `${Math.round((SMALL.requests * 1_000) / ms)} requests/s`)
}
console.log(`load ${os.loadavg()[0].toFixed(0)} at the end`)
for (const each of [...children.values(), sink]) each.disconnect()

function child(script, ...args) {
  return fork(path.join(import.meta.dirname, script), args, { execArgv: [] })
}

async function slice(name, what) {
  const made = children.get(name)
  made.send(what)
  const [took] = await once(made, 'message')
  return took
}

async function measure(what, rounds) {
  const seen = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const name of inTurn(round)) seen[name].push(await slice(name, what))
  }
  return seen
}

/** Every order as often as every other. */
function inTurn(round) {
  const at = round % names.length
  const turned = [...names.slice(at), ...names.slice(0, at)]
  return Math.floor(round / names.length) % 2 === 0 ? turned : turned.toReversed()
}

function tell(size, seen, rate) {
  const faster = names
    .filter((name) => name !== OURS)
    .toSorted((one, other) => median(msOf(seen[one])) - median(msOf(seen[other])))[0]
  for (const name of names) {
    const ratios = msOf(seen[name]).map((ms, round) => seen[faster][round].ms / ms)
    const cpu = median(seen[name].map((each) => each.cpu))
    const told = cpu < 1_000 ? `${cpu.toFixed(1)} µs` : `${Math.round(cpu / 1_000)} ms`
    console.log(
      `${name.padEnd(18)} ${size}: ${rate(median(msOf(seen[name])))}, ` +
        `${median(ratios).toFixed(2)} of ${faster}, ${told} of processor each`,
    )
  }
}

function msOf(slices) {
  return slices.map((each) => each.ms)
}

function median(list) {
  const sorted = list.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)]
}
