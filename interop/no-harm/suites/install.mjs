// Brings a suite into the cache, outside of the repository: its package with its tests, and what they
// need. What is there already is not fetched again.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { finish } from '../../delivery/child.mjs'

export const cache =
  process.env.EXPECTATION_SUITES_CACHE ?? path.join(tmpdir(), 'expectation-suites')
/** Tools that look at a package's source; its tests do without. */
const TOOLS =
  /eslint|neostandard|^standard$|^tsd$|tstyche|^typescript$|^c8$|^nyc$|nyc-config|coveralls|^@types\/|markdownlint|autocannon|branch-comparer|benchmark|climem/

export async function install(suite) {
  const folder = path.join(cache, suite.name.replace('/', '+'))
  if (existsSync(path.join(folder, '.ready'))) return folder
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  if (suite.from.npm) await fromNpm(suite, folder)
  else await fromDebian(suite, folder)
  if (suite.name !== 'node') await dependencies(folder, suite)
  for (const file of suite.absent ?? []) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), Buffer.alloc(70_000, file))
  }
  writeFileSync(path.join(folder, '.ready'), '')
  return folder
}

export function versionOf(folder) {
  return JSON.parse(readFileSync(path.join(folder, '.version'), 'utf8'))
}

async function fromNpm({ from }, folder) {
  const [{ filename, version }] = JSON.parse(
    await must('npm', ['pack', '--silent', '--json', from.npm], folder),
  )
  await must('tar', ['xzf', filename, '--strip-components=1'], folder)
  rmSync(path.join(folder, filename))
  writeFileSync(path.join(folder, '.version'), JSON.stringify(version))
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

/** The sources of the same distribution, asked for with a configuration of our own. */
async function fromDebian({ from }, folder) {
  const options = await sources()
  const fetched = path.join(folder, '.fetched')
  mkdirSync(fetched)
  // It also tries to fetch what the tests do without, and fails when one of these is gone.
  await finish('apt-get', [...options, 'source', '--download-only', from.debian], {
    cwd: fetched,
    withinMs: 300_000,
  })
  const archive = readdirSync(fetched).find((name) => /\.orig\.tar\.\w+$/.test(name))
  if (archive === undefined) throw new Error(`Debian gave no source of ${from.debian}`)
  const only = (from.only ?? []).map((pattern) => `*/${pattern}`)
  const choice = only.length > 0 ? ['--wildcards', ...only] : []
  await must(
    'tar',
    ['xf', path.join('.fetched', archive), '--strip-components=1', ...choice],
    folder,
  )
  rmSync(fetched, { recursive: true })
  writeFileSync(
    path.join(folder, '.version'),
    JSON.stringify(/_([^_]+)\.orig/.exec(archive)[1].replace(/\+.*/, '')),
  )
}

let listed
function sources() {
  listed ??= listSources()
  return listed
}

async function listSources() {
  const own = path.join(cache, '.apt')
  for (const each of ['parts', 'lists/partial', 'archives/partial'])
    mkdirSync(path.join(own, each), { recursive: true })
  const system = '/etc/apt'
  const parts = path.join(system, 'sources.list.d')
  for (const name of existsSync(parts) ? readdirSync(parts) : []) {
    if (!/^debian.*\.sources$/.test(name)) continue
    const text = readFileSync(path.join(parts, name), 'utf8').replaceAll(
      /^Types:.*$/gm,
      'Types: deb-src',
    )
    writeFileSync(path.join(own, 'parts', name), text)
  }
  const single = path.join(system, 'sources.list')
  if (existsSync(single)) {
    const lines = readFileSync(single, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('deb '))
    writeFileSync(
      path.join(own, 'parts', 'single.list'),
      `${lines.map((l) => l.replace('deb ', 'deb-src ')).join('\n')}\n`,
    )
  }
  const options = Object.entries({
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': path.join(own, 'parts'),
    'Dir::State::lists': path.join(own, 'lists'),
    'Dir::Cache': own,
    'APT::Sandbox::User': 'root',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  await must('apt-get', [...options, 'update', '-qq'], own)
  return options
}

async function must(command, args, cwd) {
  const { code, stdout, stderr, problem } = await finish(command, args, { cwd, withinMs: 600_000 })
  if (code !== 0)
    throw new Error(
      `${command} ${args.slice(-3).join(' ')}: ${problem ?? code} ${stderr.slice(-600)}`,
    )
  return stdout
}
