// A committed harness of packages/conformance as a process of its own, bundled from our sources, on
// any line of Node: the suite then runs against what a user of that line would have.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import { portOf } from '../support/child.js'

export interface Harness {
  readonly url: string
  stop(): Promise<void>
}

const folder = path.resolve(__dirname, '../../packages/conformance/harnesses')

export interface HarnessOptions {
  /** The program that runs it: one line of Node or another. */
  readonly node?: string
  readonly env?: Readonly<Record<string, string>>
}

export async function startHarness(name: string, options: HarnessOptions = {}): Promise<Harness> {
  const { node = process.execPath, env = {} } = options
  const out = mkdtempSync(path.join(tmpdir(), `expectation-${name}-`))
  const outfile = path.join(out, 'server.mjs')
  await build({
    entryPoints: [path.join(folder, `${name}.mjs`)],
    tsconfig: path.resolve(__dirname, '../tsconfig.json'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // What stays CommonJS inside an ES module still asks for these.
    banner: {
      js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url)",
    },
    logLevel: 'error',
    outfile,
  })
  const child = spawn(node, [outfile], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env, PORT: '0' },
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
    rmSync(out, { recursive: true, force: true })
  }
  try {
    const scheme = name.endsWith('-https') ? 'https' : 'http'
    const at = await portOf(child, `the harness ${name}`)
    return { url: `${scheme}://127.0.0.1:${at}`, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
