// Other people's suites: what could not be fetched, or is there only in part, has not passed, and every
// test that is let fail stands on a law, a decision record or a section of an RFC.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const folder = path.resolve(__dirname, '../../interop/no-harm/suites')
let cache: string

beforeAll(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'suites-'))
  // An installation that was cut short: the tests are there, their package is not.
  const half = path.join(cache, 'busboy')
  mkdirSync(path.join(half, 'test'), { recursive: true })
  writeFileSync(path.join(half, 'package.json'), '{"name":"busboy","version":"1.6.0"}')
  writeFileSync(path.join(half, 'test/test-half.js'), '')
})
afterAll(() => rmSync(cache, { recursive: true }))

/** With a registry at a port where nobody listens. */
function runUnreachable(...args: readonly string[]) {
  const { status, stdout } = spawnSync(
    process.execPath,
    [path.join(folder, 'run.mjs'), ...args, 'busboy'],
    {
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        ...process.env,
        EXPECTATION_SUITES_CACHE: cache,
        npm_config_cache: path.join(cache, 'npm'),
        npm_config_registry: 'http://127.0.0.1:9',
        npm_config_fetch_retries: '0',
      },
    },
  )
  return { status, stdout }
}

test('a suite that cannot be fetched whole fails the run, and says so', () => {
  const { status, stdout } = runUnreachable()
  expect(status).toBe(1)
  expect(stdout).toContain('NOT RUN: busboy could not be installed')
  expect(stdout).toContain('0 of 1 suites run, 0 unexplained new failures; not run: busboy')
})

test('in the short form it has a code of its own, which is not that of a run that passed', () => {
  const { status, stdout } = runUnreachable('--quick')
  expect(status).toBe(69)
  expect(stdout).toContain('NOT RUN: busboy could not be installed')
})

/** A suite of the given files, run plain and attached; what came of it, or why it could not be run. */
function runOwn(files: Readonly<Record<string, string>>): unknown {
  const own = mkdtempSync(path.join(cache, 'own-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(own, name), text)
  const script = `
    const { runSuite } = await import(${JSON.stringify(path.join(folder, 'run-suite.mjs'))})
    const suite = { name: 'own', runner: 'file', files: (name) => name.endsWith('.js') }
    const where = { folder: ${JSON.stringify(own)}, version: '1' }
    const { plain, modes, inForce } = await runSuite(suite, where, { modes: ['attached'], jobs: 1 })
    console.log(JSON.stringify({ plain: plain.length, fails: modes.attached, inForce: inForce.attached }))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  return stdout === '' ? /Error: .*/.exec(stderr)?.[0] : JSON.parse(stdout)
}

test('what fails only with the library is told, and on how many servers it was in force', () => {
  const listens = `const server = require('node:http').createServer().listen(0, () => server.close())`
  const worse = `process.exitCode = process.env.NO_HARM_MODE === 'attached' ? 1 : 0`
  expect(runOwn({ 'good.js': listens, 'worse.js': worse, 'bad.js': 'throw 1' })).toEqual({
    plain: 1,
    fails: [{ file: 'worse.js', test: 'worse.js: ends' }],
    inForce: 1,
  })
})

test('a suite without tests, or without one that passes, has not passed', () => {
  expect(runOwn({})).toMatch(/has none of its test files/)
  expect(runOwn({ 'bad.js': 'throw 1' })).toMatch(/no test of .* passes without the library/)
})

test('every test that may fail belongs to a suite, and its reason stands on something', () => {
  const script = `
    const { EXPLAINED } = await import(${JSON.stringify(path.join(folder, 'explained.mjs'))})
    const { SUITES } = await import(${JSON.stringify(path.join(folder, 'list.mjs'))})
    const names = SUITES.map(({ name }) => name)
    const told = /laws? \\d|decisions? \\d{4}|RFC \\d{4} section \\d/
    const bad = EXPLAINED.filter(({ suite, why, stands, test, modes }) =>
      !names.includes(suite) || why.length < 20 || !told.test(stands) || test === '' || modes.length === 0)
    console.log(JSON.stringify({ bad, count: EXPLAINED.length > 0 }))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  expect({ ...JSON.parse(stdout), stderr }).toEqual({ bad: [], count: true, stderr: '' })
})
