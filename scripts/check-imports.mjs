// Fails when an import points the wrong way. First proves on fixtures that it would notice.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fixtures } from './imports/fixtures.mjs'
import { findViolations } from './imports/rules.mjs'
import { filesBelow, memberDirectories, readJson, root } from './workspace.mjs'

const faults = []
for (const { title, expected, tree } of fixtures) {
  const found = findViolations(tree)
  const held = expected ? found.some((text) => text.includes(expected)) : found.length === 0
  if (!held) faults.push(`self-test "${title}": expected ${expected ?? 'no fault'}, found ${found}`)
}

const members = memberDirectories()
const sources = ['jest.config.ts'].concat(
  members.flatMap((directory) =>
    filesBelow(directory, (name) => name.endsWith('.ts') && !name.endsWith('.d.ts')),
  ),
)
faults.push(
  ...findViolations({
    files: new Map(sources.map((file) => [file, readFileSync(path.join(root, file), 'utf8')])),
    manifests: new Map(members.map((name) => [name, readJson(`${name}/package.json`)])),
  }),
)

for (const fault of faults) console.error(fault)
console.log(`${sources.length} files, ${fixtures.length} fixtures, ${faults.length} faults`)
process.exitCode = faults.length > 0 ? 1 : 0
