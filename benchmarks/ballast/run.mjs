// 1 GiB accepted, by processor time, with the same ballast on both sides. In a young process V8's limit is so
// low that it may mark and compact thirty times for one upload (FINDINGS.md): a little more code of
// anybody's doubles the time, or halves it. A real application keeps more.

import { ServerChild, startChild, stopChild } from '../children.mjs'
import { Load } from '../end-to-end/load.mjs'
import { median } from '../end-to-end/statistics.mjs'

const WARM_TURNS = 10

export async function runBallast({ pairs, rounds, largeBytes, durationMs, warmUpMs, objects }) {
  const generator = startChild('./load/generator.mjs')
  const load = new Load(generator)
  const records = []
  for (const { title, base, gate } of pairs) {
    const sides = [await ballasted(base, objects), await ballasted(gate, objects)]
    const order = { name: 'large', lanes: 2, largeBytes, settleMs: 50, durationMs }
    // By turns: one that stands idle for seconds before its first load has its limit lowered by V8.
    for (let turn = 0; turn < WARM_TURNS; turn += 1) {
      for (const side of sides) {
        await load.round(side, { ...order, durationMs: warmUpMs / WARM_TURNS })
      }
    }
    const cpuUs = sides.map(() => [])
    for (let round = 0; round < rounds; round += 1) {
      for (const at of round % 2 === 0 ? [0, 1] : [1, 0]) {
        cpuUs[at].push((await load.round(sides[at], order)).cpuUs)
      }
    }
    const ratios = cpuUs[0].map((us, at) => cpuUs[1][at] / us)
    const [baseUs, gateUs] = cpuUs.map((values) => median(values))
    const spread = [Math.min(...ratios), Math.max(...ratios)]
    records.push({ title, largeBytes, baseUs, gateUs, ratio: median(ratios), spread })
    await Promise.all(sides.map((side) => side.stop()))
  }
  await stopChild(generator)
  return { objects, records }
}

async function ballasted(name, objects) {
  const server = await ServerChild.start(name)
  await server.ask('ballast', objects)
  return server
}
