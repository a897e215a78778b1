// One proxy, started from a configuration as it stands in the example, on the ports that are asked
// for, in a temporary directory that is gone afterwards.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startChild } from './child.js'
import { writeErrorPages } from './error-pages.js'
import { type ProgramName, programPath, programs } from './programs.js'

export interface ProxyOptions {
  readonly program: ProgramName
  /** The text of the configuration: it listens on port 8080, the service on 3000. */
  readonly config: string
  /** Where to listen instead. */
  readonly port: number
  readonly appPort: number
}

export interface RunningProxy {
  readonly port: number
  /** What the program has written so far. */
  output(): string
  /** Resolves when the process has ended, by itself or by `stop`. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

const START_MS = 15_000

export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { command, run } = programs[options.program]
  const directory = await mkdtemp(join(tmpdir(), `behind-${options.program}-`))
  // Started by root, the workers are somebody else, and have to reach their files.
  await chmod(directory, 0o755)
  await writeErrorPages(join(directory, 'errors'))
  const config = join(directory, 'config')
  await writeFile(config, withPorts(options))
  const child = startChild(command, run(config, directory, options.port), {
    cwd: directory,
    env: { ...process.env, PATH: programPath, HOME: directory, XDG_DATA_HOME: directory },
  })
  const stop = async (): Promise<void> => {
    await child.stop()
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await listening(options.port, child.hasEnded)
  } catch (error) {
    await stop()
    throw new Error(`${command} did not start:\n${child.output()}`, { cause: error })
  }
  return { port: options.port, output: child.output, ended: child.ended, stop }
}

function withPorts({ config, port, appPort }: ProxyOptions): string {
  return config.replace(/\b(8080|3000)\b/g, (number) => String(number === '8080' ? port : appPort))
}

/** Resolves when somebody listens on the port. */
export async function listening(port: number, hasEnded: () => boolean): Promise<void> {
  const end = Date.now() + START_MS
  while (!(await accepts(port))) {
    if (hasEnded()) throw new Error('The process has ended.')
    if (Date.now() > end) throw new Error(`Nobody listens on ${port} after ${START_MS} ms.`)
    await pause(20)
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const settle = (answer: boolean) => (): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', settle(true))
    socket.once('error', settle(false))
  })
}
