// Instructions that servers spend on a request, outside the kernel. Times on a shared machine differ by a
// tenth and more from one minute to the next; instructions do so by a hundredth, and each function can be
// told what it costs. Two processes of one build differ by two hundredths: less is seen in the median of
// several. They do not show what memory costs, nor the kernel. Needs valgrind.
//
//   node benchmarks/findings/instructions.mjs small node:hand-written node:attach
//   node benchmarks/findings/instructions.mjs small,get koa:bare koa:gate --jobs=2
//   node benchmarks/findings/instructions.mjs small node:attach --functions
//   node benchmarks/findings/instructions.mjs small node:attach node:checked --processes=5
//   node benchmarks/findings/instructions.mjs small node:hand-written node:attach --depth=4
//   node benchmarks/findings/instructions.mjs large node:attach --ballast=60000 --warm=500 --requests=256

import { parseArgs } from 'node:util'
import { stopChildren } from '../children.mjs'
import { countInstructions } from '../instructions/count.mjs'
import { inTurns } from '../instructions/in-turns.mjs'

const { values, positionals } = parseArgs({
  options: {
    functions: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '1' },
    processes: { type: 'string', default: '1' },
    warm: { type: 'string' },
    requests: { type: 'string' },
    windows: { type: 'string' },
    ballast: { type: 'string' },
    depth: { type: 'string' },
    flags: { type: 'string' },
  },
  allowPositionals: true,
})
const [names, ...servers] = positionals
const numbers = Object.fromEntries(
  ['warm', 'requests', 'windows', 'ballast', 'depth'].flatMap((option) =>
    values[option] === undefined ? [] : [[option, Number(values[option])]],
  ),
)
const count = (value) => Math.round(value).toLocaleString('en')
function median(numbers) {
  return numbers.sort((one, other) => one - other)[numbers.length >> 1]
}

try {
  // By turns, so that what else the machine does comes over all of them alike.
  const orders = Array.from({ length: Number(values.processes) }, () =>
    names.split(',').flatMap((name) => servers.map((server) => ({ name, server }))),
  ).flat()
  const counted = await inTurns(orders, Number(values.jobs), async ({ name, server }) => {
    const plan = { ...numbers, functions: values.functions, flags: values.flags?.split(',') }
    const { each, lowest, highest, collector, rest, functions } = await countInstructions(
      server,
      name,
      plan,
    )
    const spread = `(${count(lowest)} to ${count(highest)})`
    const parts = `${count(collector)} on average by the collector, ${count(rest)} by the rest`
    console.log(`${name}, ${server}: ${count(each)} for each request ${spread}; ${parts}`)
    for (const { instructions, where } of functions) {
      console.log(`${count(instructions).padStart(8)}  ${where}`)
    }
    return { name, server, each, collector, rest }
  })
  for (const name of names.split(',')) {
    for (const part of ['each', 'collector', 'rest']) {
      const medians = servers.map((server) =>
        median(
          counted
            .filter((row) => row.name === name && row.server === server)
            .map((row) => row[part]),
        ),
      )
      servers.forEach((server, at) => {
        const ratio = (medians[at] / medians[0]).toFixed(3)
        console.log(`${name}, ${part}: ${server} ${count(medians[at])}, ${ratio} of ${servers[0]}`)
      })
    }
  }
} finally {
  await stopChildren()
}
