// `npm test`: sets everything up, then runs every check, also after one failed, and ends with what
// was skipped and the counts. `npm test -- <arguments>` runs only Jest, with these arguments.
import { build } from './build.mjs'
import { runJest } from './run-jest.mjs'
import { ensureInstalled } from './setup.mjs'
import { report } from './summary-reporter.mjs'
import { commandOf, runNode } from './workspace.mjs'

const jestArguments = process.argv.slice(2)
const results = []
/** As in CI: what cannot be run has failed there. */
const nothingIsSkipped = process.env.EXPECTATION_NO_SKIP === '1'

/** EX_UNAVAILABLE: what a check needs from elsewhere cannot be had now. It has not passed, and not failed. */
const UNAVAILABLE = 69

async function step(title, action) {
  console.log(`\n== ${title}`)
  const startedAt = performance.now()
  const code = await action()
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  if (code === UNAVAILABLE && !nothingIsSkipped) {
    results.push(`  not run  ${title} (what it needs cannot be fetched)`)
    return true
  }
  const failed = code !== 0
  results.push(`  ${failed ? 'FAILED' : 'ok    '}  ${title}, ${seconds} s`)
  if (failed) process.exitCode = 1
  return !failed
}

await ensureInstalled()

const tsc = commandOf('typescript', 'tsc')
let built = true
if (jestArguments.length === 0) {
  await step('Lint and format (Biome)', () =>
    runNode(commandOf('@biomejs/biome', 'biome'), ['check', '--error-on-warnings', '.']),
  )
  built = await step('Build with types (tsc -b)', build)
  await step('Types of tests and examples', () => runNode(tsc, ['-p', 'tests/tsconfig.json']))
  await step('Import direction', () => runNode('scripts/check-imports.mjs', []))
  await step('One owner of the state', () => runNode('scripts/check-owner.mjs', []))
  await step('Length of sources, no any', () => runNode('scripts/check-sources.mjs', []))
  await step('What is cited exists', () => runNode('scripts/check-citations.mjs', []))
  if (built)
    await step('Packing (pnpm pack, attw, publint)', () => runNode('scripts/check-packing.mjs', []))
  else results.push('  not run Packing (the build failed)')
} else {
  // Examples are started from their build.
  built = await step('Build with types (tsc -b)', build)
}

let summary
await step('Tests (Jest)', async () => {
  const jest = await runJest(jestArguments)
  summary = jest.summary
  if (jest.leftBehind) {
    console.error(
      'Tests left something running. To find it: npm test -- --detectOpenHandles <file>',
    )
    return 1
  }
  return jest.code
})

// Minutes, and a dozen programs: in CI always, elsewhere each on its own (its command is in package.json).
const long = [
  [
    'Do refusals arrive? (interop, few rounds)',
    'delivery/run.mjs',
    '--rounds',
    '5',
    '--no-write',
    '--built',
  ],
  ['Does nothing get worse? (mutated exchanges, short)', 'no-harm/mutation/run.mjs'],
  ['Does nothing differ? (with and without the library, short)', 'no-harm/differential/run.mjs'],
  ['Do the tests of others pass? (five suites)', 'no-harm/suites/run.mjs', '--quick'],
]
for (const [title, script, ...args] of jestArguments.length === 0 ? long : []) {
  if (!nothingIsSkipped) results.push(`  not run ${title}`)
  else await step(title, () => runNode(`interop/${script}`, args))
}

console.log('\nChecks:')
for (const line of results) console.log(line)
if (jestArguments.length > 0) console.log('  not run  everything else, because of the arguments')
console.log(report(summary ?? { passed: 0, failed: 1, skipped: [] }))
