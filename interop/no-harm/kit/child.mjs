// A server of the proofs as a child: asked over IPC, told of when it ends by itself.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Beats } from './beats.mjs'

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), '../server/main.cjs')
const alive = new Set()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

/** `what`: { integration, mode, faults }. */
export class Server {
  #child
  #answers = new Map()
  #asked = 0
  #stderr = ''
  what
  ports
  /** Lines that it wrote outside of any request. */
  said = []
  /** Logs of connections that are closed, by the client's address, until somebody wants them. */
  #logs = new Map()
  #wanted = new Map()
  /** Set once the process has ended by itself: { code, signal, said }. */
  ended

  static async start(what, tries = 4) {
    const server = new Server(what)
    try {
      await server.#ready
      return server
    } catch (error) {
      // One that is killed before it says a word is the machine's doing.
      if (tries === 1 || server.ended.said !== '') throw error
      await new Promise((resolve) => setTimeout(resolve, 1000))
      return await Server.start(what, tries - 1)
    }
  }

  #ready
  /** From when it is ready on. */
  beats = new Beats(async () => this.ports && (await this.ask('beat')))
  /** Resolves when the process has ended. */
  over

  constructor(what) {
    this.what = what
    const args = ['--expose-gc', script, JSON.stringify(what)]
    this.#child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' },
    })
    alive.add(this.#child)
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr = (this.#stderr + text).slice(-20_000)
    })
    this.over = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        alive.delete(this.#child)
        this.ended = { code, signal, said: this.#stderr }
        this.beats.stop()
        for (const settle of [...this.#answers.values(), ...this.#wanted.values()])
          settle(undefined)
        resolve(this.ended)
      })
    })
    this.#ready = new Promise((resolve, reject) => {
      this.#child.on('message', (message) => {
        if (message.ready) {
          this.ports = message.ready
          resolve()
        } else if (message.logs) this.#take(message)
        else {
          this.#answers.get(message.id)?.(message)
          this.#answers.delete(message.id)
        }
      })
      this.over.then(({ code, signal, said }) =>
        reject(new Error(`A server did not start: ${signal ?? `exit ${code}`} ${said}`)),
      )
    })
    this.#ready.catch(() => undefined)
  }

  #take({ logs, said }) {
    this.said.push(...said)
    for (const [key, log] of logs) {
      const settle = this.#wanted.get(key)
      if (settle) settle(log)
      else this.#logs.set(key, [...(this.#logs.get(key) ?? []), log])
    }
  }

  /** The log of a connection; `undefined` when the server has not closed it within so many beats. */
  logOf(key, within) {
    const [log, ...rest] = this.#logs.get(key) ?? []
    if (log !== undefined) {
      if (rest.length > 0) this.#logs.set(key, rest)
      else this.#logs.delete(key)
      return Promise.resolve(log)
    }
    if (this.ended) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const settle = (found) => {
        callOff()
        this.#wanted.delete(key)
        resolve(found)
      }
      const callOff = this.beats.after(within, () => settle(undefined))
      this.#wanted.set(key, settle)
    })
  }

  /** Tells without waiting for an answer. */
  tell(what, rest) {
    if (!this.ended) this.#child.send({ ask: what, ...rest }, () => undefined)
  }

  /** `undefined` when the process ended instead of answering. */
  ask(question, rest = {}) {
    if (this.ended) return Promise.resolve(undefined)
    const id = ++this.#asked
    return new Promise((resolve) => {
      this.#answers.set(id, resolve)
      this.#child.send({ ask: question, id, ...rest }, () => undefined)
    })
  }

  async stop() {
    this.#child.kill('SIGKILL')
    await this.over
  }
}
