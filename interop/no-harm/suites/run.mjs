// `npm run no-harm:suites [suite…]`: other people's tests, plain and with the library in force. Prints
// what fails only with it; fails when that is not explained.
import { EXPLAINED } from './explained.mjs'
import { SUITES } from './list.mjs'
import { runSuite } from './run-suite.mjs'

const flags = Object.fromEntries(
  process.argv
    .slice(2)
    .filter((a) => a.startsWith('--'))
    .map((a) => a.slice(2).split('=')),
)
const names = process.argv.slice(2).filter((a) => !a.startsWith('--'))
const modes = (flags.modes ?? 'attached,gated,mounted').split(',')
const chosen = SUITES.filter((suite) =>
  names.length > 0 ? names.includes(suite.name) : 'quick' in flags ? suite.quick : true,
)

let unexplained = 0
for (const suite of chosen) {
  const began = Date.now()
  let result
  try {
    result = await runSuite(suite, { modes, only: flags.file })
  } catch (error) {
    console.log(`${suite.name}: could not be run: ${error.message}`)
    unexplained += 1
    continue
  }
  const counts = Object.entries(result.modes).map(
    ([mode, { new: fails }]) => `${mode} +${fails.length}`,
  )
  console.log(
    `${suite.name} ${result.version}: ${result.files} files, ${result.tests} tests, ${result.plainFails} fail plain; ${counts.join(', ')} (${((Date.now() - began) / 1000).toFixed(0)} s)`,
  )
  for (const [mode, { new: fails }] of Object.entries(result.modes)) {
    for (const { file, test } of fails) {
      const why = EXPLAINED.find(
        (e) => e.suite === suite.name && e.modes.includes(mode) && test.startsWith(e.test),
      )
      console.log(
        `  ${mode}: ${why ? `explained (${why.stands})` : 'UNEXPLAINED'}: ${file}: ${test}`,
      )
      if (why === undefined) unexplained += 1
    }
  }
}
console.log(`${unexplained} unexplained`)
process.exitCode = unexplained > 0 ? 1 : 0
