// One suite: every file (or all in one process, where the suite is made so), plain and in each mode,
// `jobs` at a time. What fails only with us, and is not explained, is tried again alone. A suite of which
// nothing could be run is an error, never a suite that passed.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { flow } from '../kit/bench.mjs'
import { explanationOf } from './explained.mjs'
import { nameOf, runFiles } from './run-files.mjs'

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
    inForce: {},
  }
  const counted = (mode) => path.join(folder, `.${mode}-${process.pid}`)
  const suspects = []
  const units = suite.together ? [files] : files.map((file) => [file])
  let next = 0
  await flow(
    jobs,
    () => next < units.length,
    async () => {
      const some = units[next++]
      const plain = await runFiles(suite, folder, some, 'plain')
      result.tests += plain.size
      result.plain.push(...failed(plain).map((test) => ({ file: nameOf(some), test })))
      // Where nothing passes without the library, there is nothing to compare.
      if (failed(plain).length === plain.size) return
      for (const mode of used) {
        const fails = newFailures(plain, await runFiles(suite, folder, some, mode, counted(mode)))
        if (fails.length > 0) suspects.push({ some, mode, plain, fails })
      }
    },
  )
  for (const mode of used) {
    result.inForce[mode] = existsSync(counted(mode)) ? statSync(counted(mode)).size : 0
    rmSync(counted(mode), { force: true })
  }
  if (result.plain.length === result.tests)
    throw new Error(`no test of ${folder} passes without the library`)
  for (const { some, mode, plain, fails } of suspects) {
    const told = fails.every((test) => explanationOf(suite.name, mode, test) !== undefined)
    const stay = told ? fails : await again(suite, folder, { some, mode, plain, fails })
    result.modes[mode].push(...stay.map((test) => ({ file: nameOf(some), test })))
  }
  return result
}

/** The failures that come each time, while nothing else of ours runs, and never without the library. */
async function again(suite, folder, { some, mode, plain, fails }) {
  let stay = fails
  for (let i = 1; i < TRIES && stay.length > 0; i++) {
    const anew = newFailures(plain, await runFiles(suite, folder, some, mode))
    stay = stay.filter((name) => anew.includes(name))
    const once = await runFiles(suite, folder, some, 'plain')
    if (plain.size > 1 && failed(once).length === once.size)
      throw new Error(
        `${nameOf(some)} of ${folder} passed without the library, and does not any more`,
      )
    stay = stay.filter((name) => once.get(name) !== false)
  }
  return stay
}

function newFailures(plain, ours) {
  const names = failed(ours).filter((name) => plain.get(name) === true)
  const missing = [...plain]
    .filter(([name, passed]) => passed && !ours.has(name))
    .map(([name]) => name)
  // A test that never came has failed, unless that is told already: what did not end has none of its rest.
  return names.some((name) => name.endsWith(': ends')) ? names : [...names, ...missing]
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
