// The chain: storage, Redis, two services, a gateway; what each hop has carried, and who was killed.
import { fork } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startRedis } from './redis.mjs'
import { startStorage } from './storage.mjs'
import { tap } from './tap.mjs'

export const TOKEN = 'demo-token'
const START_MS = 30_000
const script = (name) => fileURLToPath(new URL(name, import.meta.url))

/** Emits `message` with what a process tells, and its name. */
export class Chain extends EventEmitter {
  /** Bytes read from the wire by each process, heads included. */
  bytes = { gateway: 0, 'service-1': 0, 'service-2': 0 }
  processes = new Map()
  #ports = new Map()
  #stopping = false

  constructor(settings) {
    super()
    this.settings = settings
    this.setMaxListeners(0)
  }

  async start() {
    this.folder = mkdtempSync(path.join(tmpdir(), 'expectation-ingress-'))
    this.storage = await startStorage(this.folder)
    this.tap = await tap(new URL(this.storage.url))
    this.redis = await startRedis(this.folder)
    await Promise.all([this.startService('service-1'), this.startService('service-2')])
    this.url = `http://127.0.0.1:${await this.#start('gateway', 'gateway.mjs')}`
    this.#tellGateway()
  }

  async startService(name) {
    this.#ports.set(name, await this.#start(name, 'service.mjs'))
    this.#tellGateway()
  }

  /** Where one service listens, without the gateway. */
  urlOf(name) {
    return `http://127.0.0.1:${this.#ports.get(name)}`
  }

  async kill(name) {
    const child = this.processes.get(name)
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }

  /** The next message for which it is true; bounded. */
  async reach(what, isSo, ms = 20_000) {
    let see
    const seen = new Promise((resolve) => {
      see = (message, name) => isSo(message, name) && resolve({ message, name })
      this.on('message', see)
    })
    const late = sleep(ms, undefined, { ref: false }).then(() => {
      throw new Error(`Never came: ${what}`)
    })
    return await Promise.race([seen, late]).finally(() => this.off('message', see))
  }

  async stop() {
    this.#stopping = true
    const children = [...this.processes.values()].filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    )
    const ended = children.map((child) => once(child, 'exit'))
    for (const child of children) child.kill('SIGTERM')
    await Promise.race([Promise.all(ended), sleep(4000, undefined, { ref: false })])
    for (const child of children) child.kill('SIGKILL')
    this.tap?.close()
    await this.redis?.stop()
    await this.storage?.stop()
    if (this.folder) rmSync(this.folder, { recursive: true, force: true })
  }

  async #start(name, file) {
    const { storage, redis, tap: wire, settings } = this
    const given = { ...settings, name, token: TOKEN, endpoint: wire.url, redisSocket: redis.socket }
    const child = fork(script(file), { env: { ...process.env, INGRESS: JSON.stringify(given) } })
    this.processes.set(name, child)
    let before = this.bytes[name]
    const port = new Promise((resolve, reject) => {
      child.on('message', (message) => {
        if (message.port !== undefined) resolve(message.port)
        if (message.bytes !== undefined) this.bytes[name] = before + message.bytes
        this.emit('message', message, name)
      })
      child.once('exit', (code, signal) => {
        before = this.bytes[name]
        reject(new Error(`${name} ended (${signal ?? code}) before it listened; ${storage.name}`))
        if (!this.#stopping) this.emit('message', { ended: true }, name)
      })
    })
    const late = sleep(START_MS, undefined, { ref: false }).then(() => {
      throw new Error(`${name} does not listen.`)
    })
    return await Promise.race([port, late])
  }

  #tellGateway() {
    const upstreams = [...this.#ports.keys()].map((name) => this.urlOf(name))
    const gateway = this.processes.get('gateway')
    if (gateway?.connected) gateway.send({ upstreams })
  }
}
