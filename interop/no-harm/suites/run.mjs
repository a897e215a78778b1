// `npm run no-harm:suites [-- suite…]`: other people's tests, plain and with the library in force. Prints
// what fails only with it; fails when that is not explained. Without names: all suites; with `--quick`
// the five quickest.
import { parseArgs } from 'node:util'
import { onLine } from '../kit/command.mjs'
import { writeFigures } from '../kit/figures.mjs'
import { EXPLAINED, explanationOf } from './explained.mjs'
import { install } from './install.mjs'
import { SUITES } from './list.mjs'
import { runSuite } from './run-suite.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    modes: { type: 'string', default: 'attached,gated,mounted' },
    /** Only files whose path has this in it. */
    file: { type: 'string' },
    /** How many files run at a time. */
    jobs: { type: 'string', default: '2' },
    node: { type: 'string' },
    /** Tells what fails without the library, too. */
    plain: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
onLine(values.node)
const strange = positionals.filter((name) => !SUITES.some((suite) => suite.name === name))
if (strange.length > 0) throw new RangeError(`No suite is named ${strange.join()}`)
const chosen = SUITES.filter(({ name, quick }) =>
  positionals.length > 0 ? positionals.includes(name) : quick === true || !values.quick,
)

const UNAVAILABLE = 69
// Only whole suites say that something stands in the list for nothing.
const whole = values.file === undefined && values.modes.split(',').length === 3
let unexplained = 0
let broken = 0
const notRun = []
const met = new Set()
for (const suite of chosen) {
  const installed = await installedOrNot(suite)
  if (installed === undefined) continue
  const began = Date.now()
  try {
    const how = {
      modes: values.modes.split(','),
      only: values.file,
      jobs: Math.max(1, Number(values.jobs)),
    }
    tell({ ...(await runSuite(suite, installed, how)), line: suite.line }, began)
  } catch (error) {
    broken += 1
    console.log(`BROKEN: ${suite.name}: ${error.message}`)
  }
}
for (const each of EXPLAINED) {
  const all = whole && chosen.some(({ name }) => name === each.suite)
  if (all && !met.has(each)) console.log(`explained, but passes: ${each.suite}: ${each.test}`)
}
const ran = chosen.length - notRun.length - broken
console.log(
  `${ran} of ${chosen.length} suites run, ${unexplained} unexplained new failures; not run: ${notRun.join(', ') || 'none'}`,
)
if (unexplained > 0 || broken > 0) process.exitCode = 1
// What could not be fetched has not passed. The short form says so with a code of its own (EX_UNAVAILABLE).
else if (notRun.length > 0) process.exitCode = values.quick ? UNAVAILABLE : 1

async function installedOrNot(suite) {
  try {
    return await install(suite)
  } catch (error) {
    notRun.push(suite.name)
    console.log(`NOT RUN: ${suite.name} could not be installed: ${error.message}`)
    return undefined
  }
}

function tell({ suite, line, version, files, tests, plain, modes, inForce }, began) {
  const counts = Object.entries(modes).map(
    ([mode, fails]) => `${mode} +${fails.length} (${inForce[mode]})`,
  )
  const seconds = ((Date.now() - began) / 1000).toFixed(0)
  console.log(
    `${suite} ${version}: ${files} files, ${tests} tests, ${plain.length} fail plain; ${counts.join(', ')} (${seconds} s)`,
  )
  for (const [mode, fails] of Object.entries(modes)) {
    for (const { file, test } of fails) {
      const why = explanationOf(suite, mode, test)
      if (why === undefined) unexplained += 1
      else met.add(why)
      const word = why === undefined ? 'UNEXPLAINED' : `explained (${why.stands})`
      console.log(`  ${mode}: ${word}: ${file}: ${test}`)
    }
  }
  if (values.plain) for (const { file, test } of plain) console.log(`  plain: ${file}: ${test}`)
  // A part of a suite is no figure of it.
  if (!values.write || !whole) return
  const news = Object.fromEntries(
    Object.entries(modes).map(([mode, fails]) => [mode, fails.length]),
  )
  const node = line ?? process.versions.node.split('.')[0]
  const row = { suite, version, node, files, tests, plainFails: plain.length, ...news, inForce }
  writeFigures('suites', [row], ['suite', 'node'])
}
