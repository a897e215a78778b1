// Child processes that never outlive the run, and never run for ever.
import { spawn } from 'node:child_process'

const alive = new Set()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

export function start(command, args, options = {}) {
  const child = spawn(command, args, options)
  alive.add(child)
  child.once('close', () => alive.delete(child))
  child.once('error', () => alive.delete(child))
  return child
}

/** Runs to the end; resolves with the exit code, and what was written. */
export function finish(command, args, { withinMs = 60_000, ...options } = {}) {
  const child = start(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text
    })
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs)
  return new Promise((resolve) => {
    const done = (code, problem) => {
      clearTimeout(timer)
      resolve({ code, problem, ...output })
    }
    child.once('error', (error) => done(null, error.code))
    child.once('close', (code, signal) => done(code, signal === 'SIGKILL' ? 'too slow' : undefined))
  })
}

export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000)
  await closed
  clearTimeout(timer)
}
