// Every comparison, one after the other, with fresh servers several times over: what one process
// compiles well another compiles badly, by chance, and that differs by more than what is measured.

import { ServerChild, startChild, stopChild } from '../children.mjs'
import { SERVERS } from '../servers/catalogue.mjs'
import { startForeign } from '../servers/foreign.mjs'
import { casesOf } from './comparisons.mjs'
import { duel, noRounds, resultOf } from './duel.mjs'
import { Load } from './load.mjs'

export async function runEndToEnd(plan) {
  const child = startChild('./load/generator.mjs')
  const load = new Load(child)
  const records = []
  for (const comparison of plan.comparisons) {
    const cases = casesOf(comparison).map((each) => ({ ...each, seen: noRounds() }))
    for (let at = 0; at < (comparison.incarnations ?? plan.incarnations); at += 1) {
      const due = cases.filter(({ once }) => at === 0 || once !== true)
      await incarnation(comparison, due, load, plan)
    }
    for (const { name, title, target, seen } of cases) {
      if (seen.rival.length === 0) continue
      const record = { comparison: comparison.title, name, title, target, ...resultOf(seen) }
      records.push(record)
      plan.onRecord?.(record)
    }
  }
  await stopChild(child)
  return records
}

async function incarnation(comparison, cases, load, plan) {
  const names = [comparison.base, comparison.rival, comparison.base]
  const [base, rival, control] = await Promise.all(names.map(start))
  const { durationMs, settleMs, rounds, warmUp, largeBytes } = plan
  // Not installed here.
  if (rival !== undefined) {
    for (const { name, lanes, seen, settling } of cases) {
      const order = { name, lanes, durationMs, settleMs, largeBytes }
      const settled = { durationMs: warmUp.durationMs * settling }
      const sides = { base, rival, control }
      await duel(seen, { load, sides, order, rounds, warmUp: settled })
    }
  }
  await Promise.all([base, rival, control].map((server) => server?.stop()))
}

function start(name) {
  return name in SERVERS ? ServerChild.start(name) : startForeign(name)
}
