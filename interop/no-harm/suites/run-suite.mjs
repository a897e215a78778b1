// One suite: every file plain and in each mode, two at a time; what fails only with us is tried again.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { finish } from '../../delivery/child.mjs'
import { flow } from '../kit/bench.mjs'
import { install, versionOf } from './install.mjs'
import { resultsOf } from './results.mjs'

const preload = fileURLToPath(new URL('preload.cjs', import.meta.url))
const FILE_MS = 120_000
const AT_ONCE = 2
/** Tests of a busy machine fail now and then: what fails with us has to do so each time. */
const TRIES = 3

export async function runSuite(suite, { modes, only }) {
  const folder = await install(suite)
  const files = filesBelow(folder, '')
    .filter(suite.files)
    .filter((file) => only === undefined || file.includes(only))
  const result = {
    suite: suite.name,
    version: versionOf(folder),
    files: files.length,
    tests: 0,
    plainFails: 0,
    modes: {},
  }
  const used = modes.filter((mode) => mode !== 'mounted' || suite.app !== undefined)
  for (const mode of used) result.modes[mode] = []
  let next = 0
  await flow(
    AT_ONCE,
    () => next < files.length,
    async () => {
      const file = files[next++]
      const plain = await run(suite, folder, file, 'plain')
      result.tests += plain.size
      result.plainFails += [...plain.values()].filter((passed) => !passed).length
      for (const mode of used) {
        let fails = newFailures(plain, await run(suite, folder, file, mode))
        for (let i = 1; i < TRIES && fails.length > 0; i++) {
          const again = newFailures(plain, await run(suite, folder, file, mode))
          fails = fails.filter((name) => again.includes(name))
          // What plain fails too, now and then, is nobody's.
          const once = await run(suite, folder, file, 'plain')
          fails = fails.filter((name) => once.get(name) !== false)
        }
        result.modes[mode].push(...fails.map((test) => ({ file, test })))
      }
    },
  )
  return result
}

function newFailures(plain, ours) {
  const names = [...ours]
    .filter(([name, passed]) => !passed && plain.get(name) === true)
    .map(([name]) => name)
  const missing = [...plain]
    .filter(([name, passed]) => passed && !ours.has(name))
    .map(([name]) => name)
  // A test that never came is a failure of the file, unless the file ends badly anyway.
  return names.length > 0 ? names : missing
}

async function run(suite, folder, file, mode) {
  const env = {
    ...process.env,
    NO_HARM_MODE: mode,
    NODE_ENV: 'test',
    NO_COLOR: '1',
    FORCE_COLOR: '0',
  }
  delete env.NODE_OPTIONS
  if (suite.app)
    env.NO_HARM_APP = JSON.stringify({ ...suite.app, entry: path.join(folder, suite.app.entry) })
  const flags = suite.flagsInFile ? flagsOf(path.join(folder, file)) : []
  const loaded = mode === 'plain' ? [] : ['--require', preload]
  const args = commandOf(suite, folder, file)
  return resultsOf(
    suite.runner,
    file,
    await finish(process.execPath, [...flags, ...loaded, ...args], {
      cwd: folder,
      env,
      withinMs: FILE_MS,
    }),
  )
}

function commandOf({ runner, mocha = [] }, folder, file) {
  if (runner === 'node') return ['--test-reporter=tap', file]
  if (runner === 'file') return [file]
  const home = path.join(folder, 'node_modules/mocha')
  const { bin } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'))
  return [path.join(home, bin.mocha), '--no-config', '--reporter', 'json', '--exit', ...mocha, file]
}

/** `// Flags: --expose-internals`, as Node's own runner reads them. */
function flagsOf(file) {
  const line = /^\/\/ Flags:(.*)$/m.exec(readFileSync(file, 'utf8'))
  return line === null ? [] : line[1].trim().split(/\s+/)
}

function filesBelow(folder, below) {
  return readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(below, entry.name)
    if (!entry.isDirectory()) return [name]
    return /node_modules|^\./.test(entry.name) ? [] : filesBelow(folder, name)
  })
}
