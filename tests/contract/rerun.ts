// Runs the wirings of the contract once more in a Jest of its own: on another line of Node, or
// against packed packages. Only the quick areas; the whole runs where this very Jest runs.
import { spawn } from 'node:child_process'
import path from 'node:path'
import config from '../../jest.config.js'
import { within } from '../support/server.js'

const root = path.resolve(__dirname, '../..')
const WIRINGS = 'tests/contract/[a-z]+\\.test\\.ts$'
const NOT_WIRINGS = ['/discovery\\.test\\.ts$', '/lines\\.test\\.ts$']

export interface Rerun {
  readonly code: number | null
  readonly passed: number
  readonly files: number
  readonly output: string
}

export interface RerunOptions {
  /** Default: the Node that runs this. */
  readonly node?: string
  /** A `node_modules` whose packages are proved; default: the sources of the workspace. */
  readonly installed?: string
}

type Names = Readonly<Record<string, string>>

/** Our packages, and the frameworks that were installed beside them. */
function namesIn(installed: string): Names {
  return {
    '^@expectation/core/node$': `${installed}/@expectation/core/dist/node.js`,
    '^@expectation/(core|express|koa|fastify)$': `${installed}/@expectation/$1`,
    '^(express|express4|koa|koa-mount|@koa/router|fastify)$': `${installed}/$1`,
  }
}

/** The first pattern that matches counts, so the order does, too. */
function before(first: Names, then: object): object {
  const rest = Object.entries(then).filter(([pattern]) => !(pattern in first))
  return { ...first, ...Object.fromEntries(rest) }
}

export async function rerunContract({
  node = process.execPath,
  installed = '',
}: RerunOptions): Promise<Rerun> {
  const child = spawn(
    node,
    [
      path.join(root, 'node_modules/jest/bin/jest.js'),
      '--ci',
      '--maxWorkers=2',
      '--config',
      JSON.stringify({
        ...config,
        reporters: ['default'],
        testMatch: undefined,
        testRegex: [WIRINGS],
        testPathIgnorePatterns: NOT_WIRINGS,
        moduleNameMapper: before(
          installed === '' ? {} : namesIn(installed),
          config.moduleNameMapper ?? {},
        ),
      }),
    ],
    {
      cwd: root,
      env: { ...process.env, EXPECTATION_CONTRACT: 'quick', EXPECTATION_INSTALLED: installed },
      stdio: 'pipe',
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      output += bytes.toString('utf8')
    })
  }
  try {
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
    const code = await within('the contract', closed, 170_000)
    return { code, output, passed: counted(output, 'Tests'), files: counted(output, 'Test Suites') }
  } finally {
    child.kill('SIGKILL')
  }
}

/** Escape codes of colours stand between the words. */
function counted(output: string, what: string): number {
  const plain = output.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '')
  const line = new RegExp(`^${what}: .*?(?<passed>\\d+) passed`, 'm').exec(plain)
  return Number(line?.groups?.passed ?? 0)
}

/** All wirings ran, nothing failed; what failed is shown otherwise. */
export function expectWhole({ code, passed, files, output }: Rerun): void {
  if (code !== 0) throw new Error(output.slice(-20_000))
  expect(files).toBe(4)
  expect(passed).toBeGreaterThan(500)
}
