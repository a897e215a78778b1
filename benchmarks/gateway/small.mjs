// Small requests, 32 at once, each side in turn.
import { busyMsOf } from './usage.mjs'

/** What is measured: the generator's name of it. */
const LOADS = { GET: 'get', 'POST 1 KiB': 'small', 'POST 16 KiB, asked': 'expected' }
/** V8 compiles anew for tens of thousands of requests. */
const WARM_UP_MS = 4000

/** By load, for each side its rounds. */
export async function measureSmall(sides, load, { rounds, durationMs }) {
  const seen = {}
  for (const [title, name] of Object.entries(LOADS)) {
    const order = { name, lanes: 32, durationMs, settleMs: 300, largeBytes: 0 }
    const names = Object.keys(sides)
    seen[title] = Object.fromEntries(names.map((side) => [side, []]))
    for (const side of names) await load.round(sides[side], { ...order, durationMs: WARM_UP_MS })
    for (let at = 0; at < rounds; at += 1) {
      for (const side of at % 2 === 0 ? names : names.toReversed()) {
        const before = busyMsOf(sides[side].child)
        const report = await load.round(sides[side], order)
        const busyMs = busyMsOf(sides[side].child) - before
        if (report.unexpected > 0 || Object.keys(report.errors).length > 0) {
          throw new Error(`${title}, ${side}: ${JSON.stringify(report)}`)
        }
        seen[title][side].push({
          perSecond: report.perSecond,
          ownUs: (1000 * busyMs) / report.answered,
        })
      }
    }
  }
  return seen
}
