// Brings a suite into the cache, outside of the repository: its package with its tests, and what they
// need. What is there whole is not fetched again; the mark of it is written last.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fromDebian } from './debian.mjs'
import { must } from './must.mjs'

export const cache =
  process.env.EXPECTATION_SUITES_CACHE ?? path.join(tmpdir(), 'expectation-suites')
/** Where public repositories are cloned from: `owner/name` below it. */
const repositories = process.env.EXPECTATION_SUITES_GIT ?? 'https://github.com'
/** Tools that look at a package's source; its tests do without. */
const TOOLS =
  /eslint|neostandard|^standard$|^tsd$|tstyche|^typescript$|^c8$|^nyc$|nyc-config|coveralls|^@types\/|markdownlint|autocannon|branch-comparer|benchmark|climem/

/** @returns {Promise<{ folder: string, version: string }>} */
export async function install(suite) {
  const folder = path.join(cache, suite.name.replace('/', '+'))
  const mark = path.join(folder, '.version')
  // What installs, and was cut short, left no mark.
  if (!existsSync(mark) || !existsSync(path.join(folder, '.ready'))) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const version = await fetchInto(folder, suite.from)
    if (existsSync(path.join(folder, 'package.json'))) await dependencies(folder, suite)
    writeFileSync(mark, JSON.stringify(version))
    writeFileSync(path.join(folder, '.ready'), '')
  }
  return { folder, version: JSON.parse(readFileSync(mark, 'utf8')) }
}

function fetchInto(folder, from) {
  if (from.npm) return fromNpm(from, folder)
  return from.git ? fromGit(from, folder) : fromDebian(from, folder, cache)
}

/** The newest commit: neither the package on npm nor Debian has the tests. */
async function fromGit({ git }, folder) {
  const from = `${repositories}/${git}`
  await must('git', ['clone', '--quiet', '--depth', '1', from, '.'], folder)
  const commit = await must('git', ['rev-parse', '--short', 'HEAD'], folder)
  rmSync(path.join(folder, '.git'), { recursive: true })
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  return `${version} (${commit.trim()})`
}

async function fromNpm({ npm }, folder) {
  const [{ filename, version }] = JSON.parse(
    await must('npm', ['pack', '--loglevel=error', '--json', npm], folder),
  )
  await must('tar', ['xzf', filename, '--strip-components=1'], folder)
  rmSync(path.join(folder, filename))
  return version
}

async function dependencies(folder, { runner }) {
  const file = path.join(folder, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  const development = Object.entries(manifest.devDependencies ?? {}).filter(
    ([name]) => !TOOLS.test(name),
  )
  manifest.devDependencies = Object.fromEntries(development)
  if (runner === 'mocha') manifest.devDependencies.mocha ??= '^10.0.0'
  manifest.scripts = {}
  writeFileSync(file, JSON.stringify(manifest))
  await must(
    'npm',
    [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--legacy-peer-deps',
      '--loglevel=error',
    ],
    folder,
  )
}
