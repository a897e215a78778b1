// `node benchmarks/gateway/run.mjs`: the gateway beside http-proxy, HAProxy and the least that Node can do, in
// one run, in front of the same upstream. Prints the tables of docs/gateway.md. Needs a build, Go, HAProxy.
//
//   --processes=3 --rounds=4   1 GiB: fresh processes, and uploads through each
//   --seconds=1                small requests: how long a round lasts
//   --objects=60000            what each process of Node keeps besides, as an application does; 0: nothing
//   --flags=...                for Node, as --flags=--initial-old-space-size=128
//   --only=large               or small

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startChild, stopChildren } from '../children.mjs'
import { Load } from '../end-to-end/load.mjs'
import { startEnds } from './ends.mjs'
import { measureLarge } from './large.mjs'
import { proxies } from './proxies.mjs'
import { measureSmall } from './small.mjs'
import { printLarge, printSmall } from './tables.mjs'
import { peakMiBOf } from './usage.mjs'

const number = (value) => ({ type: 'string', default: String(value) })
const { values } = parseArgs({
  options: {
    processes: number(3),
    rounds: number(4),
    seconds: number(1),
    objects: number(60_000),
    flags: { type: 'string', default: '' },
    only: { type: 'string', default: 'large,small' },
  },
})
const rounds = Number(values.rounds)
const node = { objects: Number(values.objects), flags: values.flags.split(' ').filter(Boolean) }

async function withSides(ends, measure) {
  const sides = {}
  try {
    for (const [name, start] of Object.entries(proxies)) {
      const side = await start(ends.port, node)
      if (side !== undefined) sides[name] = side
    }
    return await measure(sides)
  } finally {
    for (const { stop } of Object.values(sides)) await stop()
  }
}

async function large(ends) {
  const all = {}
  for (let at = 0; at < Number(values.processes); at += 1) {
    await withSides(ends, async (sides) => {
      const seen = await measureLarge(sides, ends, rounds)
      for (const [name, uploads] of Object.entries(seen)) {
        all[name] ??= { uploads: [], peaks: [] }
        all[name].uploads.push(...uploads)
        all[name].peaks.push(peakMiBOf(sides[name].child))
      }
    })
  }
  printLarge(all)
}

async function small(ends) {
  const load = new Load(startChild('./load/generator.mjs'))
  await withSides(ends, async ({ 'Node: `net`, no HTTP': _, ...sides }) => {
    const durationMs = Number(values.seconds) * 1000
    printSmall(await measureSmall(sides, load, { rounds, durationMs }))
  })
}

const ends = await startEnds()
try {
  if (values.only.includes('large')) await large(ends)
  if (values.only.includes('small')) await small(ends)
  const [minute] = readFileSync('/proc/loadavg', 'latin1').split(' ')
  console.log(`Node ${process.version} ${values.flags}, ${node.objects} objects, load ${minute}`)
} finally {
  await ends.stop()
  await stopChildren()
}
