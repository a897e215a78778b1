// 1 GiB accepted, by processor time, with the same ballast on both sides. In a young process V8's limit is so
// low that it may mark and compact thirty times for one upload (FINDINGS.md): a little more code of
// anybody's doubles the time, or halves it. A real application keeps more.

import { ServerChild, startChild, stopChild } from '../children.mjs'
import { Load } from '../end-to-end/load.mjs'
import { median } from '../end-to-end/statistics.mjs'

const WARM_TURNS = 10
/**
 * To the C library, for both sides: keep what was freed. Else the kernel is asked for pages anew or not, by chance of
 * where the heap ends: 515 or 700 ms for the same GiB, in processes of the same server.
 */
const KEPT = { MALLOC_TRIM_THRESHOLD_: '268435456', MALLOC_TOP_PAD_: '67108864' }

export async function runBallast({ pairs, processes, rounds, ...plan }) {
  const generator = startChild('./load/generator.mjs')
  const load = new Load(generator)
  const { objects, largeBytes } = plan
  const records = []
  for (const { title, base, gate } of pairs) {
    const cpuUs = [[], []]
    for (let each = 0; each < processes; each += 1) {
      await measure(load, [base, gate], rounds, plan, cpuUs)
    }
    const ratios = cpuUs[0].map((us, at) => cpuUs[1][at] / us)
    const [baseUs, gateUs] = cpuUs.map((values) => median(values))
    const spread = [Math.min(...ratios), Math.max(...ratios)]
    records.push({ title, largeBytes, baseUs, gateUs, ratio: median(ratios), spread })
  }
  await stopChild(generator)
  return { objects, processes, rounds, records }
}

/** Adds the processor time of each round, of two processes that are new. */
async function measure(load, names, rounds, plan, cpuUs) {
  const { largeBytes, durationMs, warmUpMs, objects } = plan
  const sides = [await ballasted(names[0], objects), await ballasted(names[1], objects)]
  const order = { name: 'large', lanes: 2, largeBytes, settleMs: 50, durationMs }
  // By turns: one that stands idle for seconds before its first load has its limit lowered by V8.
  for (let turn = 0; turn < WARM_TURNS; turn += 1) {
    for (const side of sides) {
      await load.round(side, { ...order, durationMs: warmUpMs / WARM_TURNS })
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const at of round % 2 === 0 ? [0, 1] : [1, 0]) {
      cpuUs[at].push((await load.round(sides[at], order)).cpuUs)
    }
  }
  await Promise.all(sides.map((side) => side.stop()))
}

async function ballasted(name, objects) {
  const server = await ServerChild.start(name, KEPT)
  await server.ask('ballast', objects)
  return server
}
