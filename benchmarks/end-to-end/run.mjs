// Every comparison, one after the other, with its own fresh servers.

import { ServerChild, startChild, stopChild } from '../children.mjs'
import { SERVERS } from '../servers/catalogue.mjs'
import { startForeign } from '../servers/foreign.mjs'
import { casesOf } from './comparisons.mjs'
import { duel } from './duel.mjs'
import { Load } from './load.mjs'

export async function runEndToEnd(plan) {
  const child = startChild('./load/generator.mjs')
  const load = new Load(child)
  const records = []
  for (const comparison of plan.comparisons) {
    const names = [comparison.base, comparison.rival, comparison.base]
    const [base, rival, control] = await Promise.all(names.map(start))
    const cases =
      rival === undefined ? [] : casesOf(comparison).filter(({ name }) => wants(plan, name))
    for (const { name, title, lanes, target } of cases) {
      const { durationMs, settleMs, rounds, warmUp, largeBytes } = plan
      const order = { name, lanes, durationMs, settleMs, largeBytes }
      const result = await duel({ load, base, control, rival, order, rounds, warmUp })
      const record = { comparison: comparison.title, name, title, target, ...result }
      records.push(record)
      plan.onRecord?.(record)
    }
    await Promise.all([base, rival, control].map((server) => server?.stop()))
  }
  await stopChild(child)
  return records
}

function start(name) {
  return name in SERVERS ? ServerChild.start(name) : startForeign(name)
}

function wants({ cases }, name) {
  return cases === undefined || cases.includes(name)
}
