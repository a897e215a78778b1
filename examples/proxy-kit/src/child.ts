// A child process that is stopped by us only, and certainly.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Child {
  output(): string
  hasEnded(): boolean
  /** Resolves when the process has ended, or could not be started. */
  readonly ended: Promise<void>
  /** Asks it to stop; kills it when it does not. */
  stop(): Promise<void>
}

export interface ChildOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Gets what the child writes, as it comes. */
  readonly onOutput?: (text: string) => void
}

const GRACE_MS = 6_000

export function startChild(
  command: string,
  args: readonly string[],
  { cwd, env, onOutput }: ChildOptions,
): Child {
  // In a process group of its own, so that Ctrl-C in the terminal does not reach it before `stop`.
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let over = false
  const take = (chunk: Buffer): void => {
    output += chunk.toString()
    onOutput?.(chunk.toString())
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const ended = new Promise<void>((resolve) => {
    const settle = (): void => {
      over = true
      process.off('exit', killGroup)
      resolve()
    }
    child.once('error', (error) => {
      output += String(error)
      settle()
    })
    child.once('exit', settle)
  })
  const killGroup = (): void => void signal(child, 'SIGKILL')
  process.on('exit', killGroup)

  return {
    output: () => output,
    hasEnded: () => over,
    ended,
    async stop() {
      if (over) return
      child.kill('SIGTERM')
      const timer = setTimeout(killGroup, GRACE_MS)
      await ended
      clearTimeout(timer)
      if (!child.stdout.closed) await once(child.stdout, 'close')
    },
  }
}

/** To the child and to the workers it has started. */
function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name)
  } catch {
    // It was gone already.
  }
}
