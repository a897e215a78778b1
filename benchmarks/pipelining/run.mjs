// POSTs of 1 KiB, four at once on each of ten connections, with the gate and without it.

import { ServerChild, startChild, stopChild } from '../children.mjs'
import { Load } from '../end-to-end/load.mjs'
import { median } from '../end-to-end/statistics.mjs'

const DEPTH = 4
const LANES = 10

export async function runPipelining({ pairs, rounds, durationMs, warmUpMs }) {
  const generator = startChild('./load/generator.mjs')
  const load = new Load(generator)
  const records = []
  for (const { title, base, gate } of pairs) {
    const sides = [await ServerChild.start(base), await ServerChild.start(gate)]
    const order = { name: 'small', lanes: LANES, depth: DEPTH, settleMs: 50, durationMs }
    for (const side of sides) await load.round(side, { ...order, durationMs: warmUpMs })
    const seen = sides.map(() => [])
    for (let round = 0; round < rounds; round += 1) {
      for (const at of round % 2 === 0 ? [0, 1] : [1, 0]) {
        seen[at].push(await load.round(sides[at], order))
      }
    }
    const of = (name) => seen.map((each) => median(each.map((report) => report[name])))
    const lost = seen.map((each) => each.reduce((sum, { answersLost }) => sum + answersLost, 0))
    records.push({ title, depth: DEPTH, perSecond: of('perSecond'), cpuUs: of('cpuUs'), lost })
    await Promise.all(sides.map((side) => side.stop()))
  }
  await stopChild(generator)
  return records
}
