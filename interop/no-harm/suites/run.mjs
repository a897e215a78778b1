// `npm run no-harm:suites [-- suite…]`: other people's tests, plain and with the library in force. Prints
// what fails only with it; fails when that is not explained. Without names: all suites; with `--quick`
// the five quickest.
import { parseArgs } from 'node:util'
import { onLine } from '../kit/command.mjs'
import { writeFigures } from '../kit/figures.mjs'
import { EXPLAINED } from './explained.mjs'
import { SUITES } from './list.mjs'
import { runSuite } from './run-suite.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    modes: { type: 'string', default: 'attached,gated,mounted' },
    /** Only files whose path has this in it. */
    file: { type: 'string' },
    node: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
onLine(values.node)
const strange = positionals.filter((name) => !SUITES.some((suite) => suite.name === name))
if (strange.length > 0) throw new RangeError(`No suite is named ${strange.join()}`)
const chosen = SUITES.filter(({ name, quick }) =>
  positionals.length > 0 ? positionals.includes(name) : quick === true || !values.quick,
)

let unexplained = 0
const met = new Set()
for (const suite of chosen) {
  try {
    const began = Date.now()
    tell(await runSuite(suite, { modes: values.modes.split(','), only: values.file }), began)
  } catch (error) {
    console.log(`${suite.name}: could not be run: ${error.message}`)
    // Where a registry cannot be reached, the short form says so; the long one is for figures.
    if (!values.quick) unexplained += 1
  }
}
// Only whole suites say that something stands in the list for nothing.
const whole = values.file === undefined && values.modes.split(',').length === 3
for (const each of EXPLAINED) {
  const ran = whole && chosen.some(({ name }) => name === each.suite)
  if (ran && !met.has(each)) console.log(`explained, but passes: ${each.suite}: ${each.test}`)
}
console.log(`${unexplained} unexplained`)
process.exitCode = unexplained > 0 ? 1 : 0

function tell({ suite, version, files, tests, plainFails, modes }, began) {
  const counts = Object.entries(modes).map(([mode, fails]) => `${mode} +${fails.length}`)
  const seconds = ((Date.now() - began) / 1000).toFixed(0)
  console.log(
    `${suite} ${version}: ${files} files, ${tests} tests, ${plainFails} fail plain; ${counts.join(', ')} (${seconds} s)`,
  )
  for (const [mode, fails] of Object.entries(modes)) {
    for (const { file, test } of fails) {
      const why = EXPLAINED.find(
        (each) => each.suite === suite && each.modes.includes(mode) && test.startsWith(each.test),
      )
      if (why === undefined) unexplained += 1
      else met.add(why)
      const word = why === undefined ? 'UNEXPLAINED' : `explained (${why.stands})`
      console.log(`  ${mode}: ${word}: ${file}: ${test}`)
    }
  }
  if (!values.write) return
  const news = Object.fromEntries(
    Object.entries(modes).map(([mode, fails]) => [mode, fails.length]),
  )
  const node = process.versions.node.split('.')[0]
  const row = { suite, version, node, files, tests, plainFails, ...news }
  writeFigures('suites', [row], ['suite', 'node'])
}
