// One suite: every file plain and in each mode, `jobs` at a time; what fails only with us is tried again
// alone. A suite of which nothing could be run is an error, never a suite that passed.
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { flow } from '../kit/bench.mjs'
import { must } from './must.mjs'
import { runFile } from './run-file.mjs'

/** Tests of a busy machine fail now and then: what fails with us has to do so each time. */
const TRIES = 3

/** @param where - { folder, version } of the installed suite */
export async function runSuite(suite, { folder, version }, { modes, only, jobs }) {
  const files = filesBelow(folder, '')
    .filter(suite.files)
    .filter((file) => only === undefined || file.includes(only))
  if (files.length === 0) throw new Error(`${folder} has none of its test files`)
  const used = modes.filter((mode) => mode !== 'mounted' || suite.app !== undefined)
  const result = {
    suite: suite.name,
    version,
    files: files.length,
    tests: 0,
    plain: [],
    modes: Object.fromEntries(used.map((mode) => [mode, []])),
  }
  for (const script of suite.before ?? []) await must(process.execPath, [script], folder)
  const suspects = []
  let next = 0
  await flow(
    Math.min(jobs, suite.atOnce ?? jobs),
    () => next < files.length,
    async () => {
      const file = files[next++]
      const plain = await runFile(suite, folder, file, 'plain')
      result.tests += plain.size
      result.plain.push(...failed(plain).map((test) => ({ file, test })))
      // Where nothing passes without the library, there is nothing to compare.
      if (failed(plain).length === plain.size) return
      for (const mode of used) {
        const fails = newFailures(plain, await runFile(suite, folder, file, mode))
        if (fails.length > 0) suspects.push({ file, mode, plain, fails })
      }
    },
  )
  if (result.plain.length === result.tests)
    throw new Error(`no test of ${folder} passes without the library`)
  for (const { file, mode, plain, fails } of suspects) {
    const stay = await again(suite, folder, { file, mode, plain, fails })
    result.modes[mode].push(...stay.map((test) => ({ file, test })))
  }
  return result
}

/** The failures that come each time, while nothing else of ours runs, and never without the library. */
async function again(suite, folder, { file, mode, plain, fails }) {
  let stay = fails
  for (let i = 1; i < TRIES && stay.length > 0; i++) {
    const anew = newFailures(plain, await runFile(suite, folder, file, mode))
    stay = stay.filter((name) => anew.includes(name))
    const once = await runFile(suite, folder, file, 'plain')
    stay = stay.filter((name) => once.get(name) !== false)
  }
  return stay
}

function newFailures(plain, ours) {
  const names = failed(ours).filter((name) => plain.get(name) === true)
  const missing = [...plain]
    .filter(([name, passed]) => passed && !ours.has(name))
    .map(([name]) => name)
  // A test that never came is a failure of the file, unless the file ends badly anyway.
  return names.length > 0 ? names : missing
}

function failed(results) {
  return [...results].filter(([, passed]) => !passed).map(([name]) => name)
}

function filesBelow(folder, below) {
  return readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(below, entry.name)
    if (!entry.isDirectory()) return [name]
    return /node_modules|^\./.test(entry.name) ? [] : filesBelow(folder, name)
  })
}
