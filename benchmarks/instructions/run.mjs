// The section of the page that decides: instructions outside the kernel for each request, with the gate
// and without it, both of one build and in one run.

import { valgrindIsHere } from './callgrind.mjs'
import { countInstructions } from './count.mjs'
import { inTurns } from './in-turns.mjs'
import { baseOf, boundOf, CASES, PAIRS } from './rows.mjs'

/** @returns Nothing where valgrind is not installed. */
export async function runInstructions({ pairs = PAIRS, cases = Object.keys(CASES), jobs, counts }) {
  if (!valgrindIsHere()) return undefined
  const orders = pairs.flatMap((pair) =>
    cases.flatMap((name) => [
      { pair, name, side: 'base', server: baseOf(pair, name) },
      { pair, name, side: 'gate', server: pair.gate },
    ]),
  )
  const counted = await inTurns(orders, jobs, async (order) => {
    const { each, lowest, highest } = await countInstructions(order.server, order.name, counts)
    console.error(`${order.name}, ${order.server}: ${Math.round(each)} instructions`)
    return { ...order, each, spread: (highest - lowest) / each }
  })
  return pairs.flatMap((pair) =>
    cases.map((name) => {
      const of = (side) =>
        counted.find((row) => row.pair === pair && row.name === name && row.side === side)
      const [base, gate] = [of('base'), of('gate')]
      return {
        title: pair.title,
        protocol: pair.protocol,
        name,
        bound: boundOf(pair, name),
        base: base.each,
        gate: gate.each,
        ratio: gate.each / base.each,
        spread: Math.max(base.spread, gate.spread),
      }
    }),
  )
}
