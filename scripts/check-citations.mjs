// What comments, tests and pages cite is in the repository: laws, rules of the RFCs, faults, decisions,
// files. A section number stands in a file that names its document. First proves that it would notice.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { definitions, findFaults } from './citations/find-faults.mjs'
import { fixtures } from './citations/fixtures.mjs'
import { filesBelow, root } from './workspace.mjs'

const TEXT = /(^|\/)[^/]+\.(md|ts|mjs|cjs|js|css|html|yml|yaml|json|sh|py|go|java|conf|cfg)$/
const OURS = /^(?!\.changeset\/|pnpm-lock|.*\/CHANGELOG\.md$)/

const read = (file) => readFileSync(path.join(root, file), 'utf8')
const exists = (file) => existsSync(path.join(root, file))
const known = definitions(
  read,
  filesBelow('docs/decisions', () => true),
)

const faults = []
for (const { title, expected, file = 'a.ts', text } of fixtures) {
  const found = findFaults(file, text, known, exists)
  const held = expected ? found.some((fault) => fault.includes(expected)) : found.length === 0
  if (!held) faults.push(`self-test "${title}": expected ${expected ?? 'no fault'}, found ${found}`)
}

const files = [...filesBelow('.', (name) => TEXT.test(name) && OURS.test(name)), '.ci/run']
// Fixtures cite what is not there.
const cited = files.filter((file) => !/^scripts\/(citations|imports)\//.test(file))
for (const file of cited) faults.push(...findFaults(file, read(file), known, exists))

for (const fault of faults) console.error(fault)
console.log(`${cited.length} files, ${fixtures.length} fixtures, ${faults.length} faults`)
process.exitCode = faults.length > 0 ? 1 : 0
