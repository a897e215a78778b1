// docs/errors.md from the catalogue of reasons, so that the two cannot say different things.
// `node scripts/make-errors-doc.mjs` writes it; with `--check` it only says whether it is current.
// Another file can be named after that.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { loadCatalogue } from './errors-doc/load-catalogue.mjs'
import { OPERATOR_NOTES } from './errors-doc/operator-notes.mjs'
import { render } from './errors-doc/render.mjs'
import { root } from './workspace.mjs'

const checking = process.argv.includes('--check')
const [named] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const file = path.resolve(root, named ?? 'docs/errors.md')
const text = render(loadCatalogue(), OPERATOR_NOTES)

if (!checking) {
  writeFileSync(file, text)
} else if (read(file) !== text) {
  console.error('docs/errors.md is stale. Run: node scripts/make-errors-doc.mjs')
  process.exitCode = 1
}

function read(name) {
  try {
    return readFileSync(name, 'utf8')
  } catch {
    return undefined
  }
}
