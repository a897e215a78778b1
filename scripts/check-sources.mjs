// No source over 300 lines, no `any` (Biome sees it too, but can be told to look away).
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseTypeScript, walk } from './imports/read-imports.mjs'
import { filesBelow, root } from './workspace.mjs'

const MAX_LINES = 300

function faultsOf(file, text) {
  const faults = []
  const lines = text.trimEnd().split('\n').length
  if (lines > MAX_LINES) faults.push(`${file}: ${lines} lines, at most ${MAX_LINES}`)
  if (!file.endsWith('.ts')) return faults
  const words = [...walk(parseTypeScript(text))]
  if (words.some((node) => node.type === 'TsKeywordType' && node.kind === 'any')) {
    faults.push(`${file}: uses \`any\`; say what it is, or \`unknown\``)
  }
  return faults
}

const selfTest = [
  ['too-long.ts', 'a()\n'.repeat(MAX_LINES + 1)],
  ['any.ts', 'export function f(a: readonly any[]): void {}'],
]
const asleep = selfTest.filter(([file, text]) => faultsOf(file, text).length !== 1)
const sources = filesBelow('.', (name) => /\.(ts|mjs|cjs|js|css|html)$/.test(name))
const faults = [
  ...asleep.map(([file]) => `self-test ${file}: expected one fault`),
  ...sources.flatMap((file) => faultsOf(file, readFileSync(path.join(root, file), 'utf8'))),
]

for (const fault of faults) console.error(fault)
console.log(`${sources.length} files, ${faults.length} faults`)
process.exitCode = faults.length > 0 ? 1 : 0
