// A process that runs to its own end and reports in one line of JSON.
import { spawn } from 'node:child_process'
import { bundled } from './child.js'
import { afterThisTest } from './cleanup.js'
import { within } from './server.js'

export interface ChildEnd {
  readonly code: number | null
  readonly output: string
  /** The last line, which the script must have printed as JSON. */
  report(): unknown
}

export interface ChildOptions {
  /** Flags of Node itself. */
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly withinMs?: number
}

export async function runChild(source: string, options: ChildOptions = {}): Promise<ChildEnd> {
  const { flags = [], env = {}, withinMs = 60_000 } = options
  const child = spawn(process.execPath, [...flags, bundled(source)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  afterThisTest(() => void child.kill('SIGKILL'))
  let output = ''
  child.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString('utf8')
  })
  child.stderr.on('data', (bytes: Buffer) => {
    output += bytes.toString('utf8')
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const code = await within('a child process to end', ended, withinMs).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${output}`)
  })
  return {
    code,
    output,
    report: () => JSON.parse(output.trim().split('\n').at(-1) ?? '') as unknown,
  }
}
