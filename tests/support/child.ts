// A process of its own, for what must hold from the first request of a process on: the server script
// is bundled from its source, so that a child needs no build and no loader.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { buildSync } from 'esbuild'
import { afterThisTest } from './cleanup.js'
import { within } from './server.js'

/** Bundles TypeScript text that may import `@expectation/*` and `express`; returns the file. */
export function bundled(source: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-'))
  const outfile = path.join(folder, 'server.cjs')
  buildSync({
    stdin: { contents: source, loader: 'ts', resolveDir: path.resolve(__dirname, '..') },
    tsconfig: path.resolve(__dirname, '../tsconfig.json'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    outfile,
  })
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  return outfile
}

export interface Child {
  readonly port: number
  readonly pid: number
}

/** Starts the script, which must print its port as a line of its own. */
export async function startChild(
  source: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const child = spawn(process.execPath, [bundled(source)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  afterThisTest(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { port: await portOf(child, 'a child process'), pid: child.pid ?? 0 }
}

/** The port that a process prints as a line of its own. */
export function portOf(
  child: ChildProcessByStdio<null, Readable, Readable>,
  what: string,
  withinMs = 10_000,
): Promise<number> {
  let output = ''
  const port = new Promise<number>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
      const line = /^(\d+)$/m.exec(output)
      if (line !== null) resolve(Number(line[1]))
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('exit', () => reject(new Error(`${what} ended early:\n${output}`)))
  })
  return within(`the port of ${what}`, port, withinMs)
}
