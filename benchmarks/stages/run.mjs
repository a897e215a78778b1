// Measures the stages with mitata, in a child of its own, so that no other section has warmed it.

import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startChild, stopChild } from '../children.mjs'

export async function runStages(plan) {
  const child = startChild('./stages/run.mjs', [String(plan.stageMs)])
  const [records] = await once(child, 'message')
  await stopChild(child)
  return records
}

async function measureAll(ms) {
  const { measure } = await import('mitata')
  const { STAGES } = await import('./rows.mjs')
  const records = []
  for (const { title, measured } of STAGES) {
    const nanoseconds = {}
    for (const [name, run] of Object.entries(measured)) {
      const { p50 } = await measure(run, { min_cpu_time: ms * 1e6 })
      nanoseconds[name] = p50
    }
    records.push({ title, nanoseconds })
  }
  return records
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.send(await measureAll(Number(process.argv[2])))
}
