// Installs what the lockfile names, once: a stamp in node_modules remembers what was installed.
// A missing or stale stamp costs one install too many, never one too few.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { memberDirectories, root, runPnpm } from './workspace.mjs'

const stampFile = path.join(root, 'node_modules', '.expectation-installed')
/** What `npm start` needs: the tools, the packages and the examples, and none of what tests bring. */
const FOR_START = ['.', './packages/*', './examples/*'].map((members) => `--filter=${members}`)

function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  const manifests = ['.', ...memberDirectories()].map((directory) => `${directory}/package.json`)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    hash.update(file).update(readFileSync(path.join(root, file)))
  }
  return hash.digest('hex')
}

/** @param scope - `start` leaves out what only tests and benchmarks need: a quarter of the bytes. */
export async function ensureInstalled(scope = 'all') {
  const wanted = fingerprint()
  const enough = scope === 'start' ? [wanted, `${wanted} start`] : [wanted]
  if (existsSync(stampFile) && enough.includes(readFileSync(stampFile, 'utf8'))) return
  console.log('Installing dependencies …')
  rmSync(stampFile, { force: true })
  const filters = scope === 'start' ? FOR_START : []
  const code = await runPnpm(['install', '--frozen-lockfile', ...filters])
  if (code !== 0) {
    console.error(
      'The dependencies could not be installed.',
      'After a change to a package.json: npx pnpm@<config.pnpm of package.json> install',
    )
    process.exit(code)
  }
  writeFileSync(stampFile, scope === 'start' ? `${wanted} start` : wanted)
}
