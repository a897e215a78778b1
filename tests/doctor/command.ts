// The command as people run it: a process of its own, bundled from its source.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildSync } from 'esbuild'
import { within } from '../support/server.js'

const root = path.resolve(__dirname, '../..')
const folder = mkdtempSync(path.join(tmpdir(), 'expectation-doctor-command-'))
export const command = path.join(folder, 'cli.cjs')

beforeAll(() => {
  buildSync({
    entryPoints: [path.join(root, 'packages/doctor/src/cli.ts')],
    tsconfig: path.join(root, 'tests/tsconfig.json'),
    outfile: command,
    bundle: true,
    platform: 'node',
    external: ['undici'],
    logLevel: 'error',
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly told: string
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Gets the child when it has been started. */
  readonly started?: (pid: number) => void
}

export async function doctorCommand(
  args: readonly string[],
  { env = {}, started = () => undefined }: CommandOptions = {},
): Promise<Ran> {
  const plain = Object.entries(process.env).filter(
    ([name]) => !/^(NO_COLOR|FORCE_COLOR)$/.test(name),
  )
  const child = spawn(process.execPath, [command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(plain), ...env },
  })
  started(child.pid ?? 0)
  let out = ''
  let told = ''
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString()
  })
  child.stderr.on('data', (bytes: Buffer) => {
    told += bytes.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  try {
    return { code: await within('the command to end', ended, 60_000), out, told }
  } finally {
    child.kill('SIGKILL')
  }
}
