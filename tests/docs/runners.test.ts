// The files that docs/recipes/testing.md shows for Jest and for Vitest are run by these, as a project would:
// the real runner, and the built packages.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterThisTest } from '../support/cleanup.js'
import { within } from '../support/server.js'
import { codeBlocks } from './markdown.js'

const tests = path.join(__dirname, '..')
const page = readFileSync(path.join(tests, '../docs/recipes/testing.md'), 'utf8')

interface Runner {
  readonly heading: string
  readonly file: string
  readonly command: readonly string[]
  readonly passed: RegExp
}

const runners: readonly Runner[] = [
  {
    heading: 'Jest, Supertest',
    file: 'upload.test.js',
    command: ['jest/bin/jest.js', '--ci', '--rootDir', '.'],
    passed: /Tests: +2 passed, 2 total/,
  },
  {
    heading: 'Vitest',
    file: 'upload.test.mjs',
    command: ['vitest/vitest.mjs', 'run', '--root', '.'],
    passed: /Tests +3 passed \(3\)/,
  },
]

test.each(runners)(
  '$heading',
  async ({ heading, file, command: [script = '', ...args], passed }) => {
    const block = codeBlocks(page).find((each) => each.heading === heading)
    // Both leave out what is below a folder `node_modules`, so it cannot stand below ours.
    const folder = mkdtempSync(path.join(tmpdir(), 'expectation-runner-'))
    afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
    symlinkSync(path.join(tests, 'node_modules'), path.join(folder, 'node_modules'))
    writeFileSync(path.join(folder, 'package.json'), '{"private":true,"jest":{}}')
    writeFileSync(path.join(folder, file), block?.code ?? '')
    const { CI: _ci, JEST_WORKER_ID: _worker, NODE_ENV: _mode, ...env } = process.env
    const child = spawn(process.execPath, [scriptOf(script), ...args], {
      cwd: folder,
      env: { ...env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    afterThisTest(() => void child.kill('SIGKILL'))
    const code = new Promise((resolve) => child.once('close', resolve))
    const output = Promise.all([text(child.stdout), text(child.stderr)])
    await within(heading, code, 60_000)
    expect((await output).join('')).toMatch(passed)
    expect(await code).toBe(0)
  },
  70_000,
)

/** Of a runner that the tests, or the workspace, have. */
function scriptOf(script: string): string {
  const [name = '', ...rest] = script.split('/')
  const manifest = createRequire(path.join(tests, 'package.json')).resolve(`${name}/package.json`)
  return path.join(path.dirname(manifest), ...rest)
}
