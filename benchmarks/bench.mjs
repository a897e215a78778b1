// `npm run bench`: measures everything and writes docs/performance.md with its pictures. Needs a build, and
// valgrind for what decides; rows of programs that are not installed are left out. `npm run bench -- FLAGS`:
//
//   (none)                               all of it, about two hours on two quiet cores
//   --only=instructions,waste            some sections; the page keeps what it has of the others
//   --quick --only=instructions          fewer requests, less certain: for a look
//   --only=instructions --of=node:attach --cases=small,get   these rows only
//   --page                               writes the page again from benchmarks/data.json
//   --smoke                              seconds; prints the records as JSON and writes nothing

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runBallast } from './ballast/run.mjs'
import { stopChildren } from './children.mjs'
import { readData, writeData } from './data.mjs'
import { runEndToEnd } from './end-to-end/run.mjs'
import { runFamily } from './family/run.mjs'
import { runInstructions, withRows } from './instructions/run.mjs'
import { writePictures } from './pictures/write.mjs'
import { runPipelining } from './pipelining/run.mjs'
import { FULL, QUICK, SMOKE } from './plans.mjs'
import { describeRun } from './report/machine.mjs'
import { report } from './report/report.mjs'
import { runScale } from './scale/run.mjs'
import { runStages } from './stages/run.mjs'
import { runWaste } from './waste/run.mjs'

const SECTIONS = {
  instructions: (plan) => plan.instructions && instructionsOf(plan.instructions),
  stages: (plan) => runStages(plan),
  endToEnd: (plan) => runEndToEnd(plan.endToEnd),
  pipelining: (plan) => runPipelining(plan.pipelining),
  ballast: (plan) => runBallast(plan.ballast),
  waste: (plan) => runWaste(plan.waste),
  scale: (plan) => runScale(plan.scale),
  family: (plan) => plan.family && runFamily(),
}
const PAGE = fileURLToPath(new URL('../docs/performance.md', import.meta.url))

const { values } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    only: { type: 'string' },
    of: { type: 'string' },
    cases: { type: 'string' },
  },
})
const wanted = values.page ? [] : (values.only?.split(',') ?? Object.keys(SECTIONS))
const unknown = wanted.filter((name) => !(name in SECTIONS))
if (unknown.length > 0) {
  console.error(`--only=${unknown}: choose from ${Object.keys(SECTIONS).join(', ')}.`)
  process.exit(1)
}

/** What was counted is kept, whatever becomes of the rest. */
async function instructionsOf(plan) {
  const startedAt = performance.now()
  const counted = []
  const known = () => readData().instructions?.records ?? []
  await runInstructions({
    ...plan,
    gates: values.of?.split(','),
    cases: values.cases?.split(','),
    onRecord(record) {
      console.error(
        `${record.protocol}, ${record.title}, ${record.name}: ${record.ratio.toFixed(3)}`,
      )
      counted.push(record)
      const run = describeRun((performance.now() - startedAt) / 1000)
      writeData({ ...readData(), instructions: { run, records: withRows(known(), counted) } })
    },
  })
  return counted.length === 0 ? undefined : withRows(known(), counted)
}

const plan = values.smoke ? SMOKE : values.quick ? QUICK : FULL
const measured = {}
try {
  for (const name of wanted) {
    console.error(`Measuring ${name} …`)
    const startedAt = performance.now()
    const records = await SECTIONS[name](plan)
    if (records === undefined) continue
    measured[name] = { run: describeRun((performance.now() - startedAt) / 1000), records }
    // What was measured is kept, whatever becomes of the rest.
    if (!values.smoke) writeData({ ...readData(), ...measured })
  }
} finally {
  await stopChildren()
}

if (values.smoke) console.log(JSON.stringify(measured))
else {
  const data = readData()
  writeFileSync(PAGE, report(data, writePictures(data)))
  console.error('Wrote docs/performance.md.')
}
