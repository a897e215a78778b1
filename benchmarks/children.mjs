// The children of a run: servers and load generators, each in a process of its own, all of them
// ended when the run ends.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const STARTING_MS = 20_000
const children = new Set()

export function startChild(script, args = [], env = {}) {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, {
    execArgv: [],
    env: { ...process.env, NODE_ENV: 'production', ...env },
  })
  return adopt(child)
}

/** It is ended with the run. */
export function adopt(child) {
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

export class ServerChild {
  #next = 0
  #waiting = new Map()

  constructor(name, child) {
    this.name = name
    this.child = child
    child.on('message', ({ id, answer }) => {
      this.#waiting.get(id)?.(answer)
      this.#waiting.delete(id)
    })
  }

  static async start(name, env = {}) {
    const server = new ServerChild(name, startChild('./servers/run.mjs', [name], env))
    const failed = once(server.child, 'exit').then(() => {
      throw new Error(`${name} did not start.`)
    })
    const late = timeLimit(STARTING_MS, `${name} took too long to start.`)
    server.port = await Promise.race([server.#answerTo('listening'), failed, late.promise])
    late.cancel()
    failed.catch(() => undefined)
    return server
  }

  ask(question, detail) {
    this.#next += 1
    const answer = this.#answerTo(this.#next)
    this.child.send({ id: this.#next, question, detail })
    return answer
  }

  stop() {
    return stopChild(this.child)
  }

  #answerTo(id) {
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }
}

export async function stopChild(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

export async function stopChildren() {
  await Promise.all([...children].map(stopChild))
}

function timeLimit(ms, message) {
  let timer
  const promise = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms)
  })
  promise.catch(() => undefined)
  return { promise, cancel: () => clearTimeout(timer) }
}
