// `pnpm bench`: measures everything and writes docs/performance.md. Needs a build.
//
//   pnpm bench                        all of it, just under ten minutes
//   pnpm bench --only=stages,waste    some sections; prints them and writes nothing
//   pnpm bench --smoke                seconds; prints the records as JSON and writes nothing

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { stopChildren } from './children.mjs'
import { runEndToEnd } from './end-to-end/run.mjs'
import { FULL, SMOKE } from './plans.mjs'
import { describeRun } from './report/machine.mjs'
import { report } from './report/report.mjs'
import { runScale } from './scale/run.mjs'
import { runStages } from './stages/run.mjs'
import { runWaste } from './waste/run.mjs'

const SECTIONS = {
  stages: (plan) => runStages(plan),
  endToEnd: (plan) => runEndToEnd(plan.endToEnd),
  waste: (plan) => runWaste(plan.waste),
  scale: (plan) => runScale(plan.scale),
}
const PAGE = fileURLToPath(new URL('../docs/performance.md', import.meta.url))

const { values } = parseArgs({
  options: { smoke: { type: 'boolean', default: false }, only: { type: 'string' } },
})
const wanted = values.only?.split(',') ?? Object.keys(SECTIONS)
const unknown = wanted.filter((name) => !(name in SECTIONS))
if (unknown.length > 0) {
  console.error(`--only=${unknown}: choose from ${Object.keys(SECTIONS).join(', ')}.`)
  process.exit(1)
}

const startedAt = performance.now()
const records = {}
try {
  for (const name of wanted) {
    console.error(`Measuring ${name} …`)
    records[name] = await SECTIONS[name](values.smoke ? SMOKE : FULL)
  }
} finally {
  await stopChildren()
}
const run = describeRun((performance.now() - startedAt) / 1000)

if (values.smoke) console.log(JSON.stringify({ run, ...records }))
else if (values.only !== undefined) console.log(report(run, records))
else {
  writeFileSync(PAGE, report(run, records))
  console.error(`Wrote docs/performance.md after ${Math.round(run.seconds)} s.`)
}
