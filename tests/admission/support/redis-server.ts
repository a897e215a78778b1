// A Redis server of Debian on a socket of its own: no port to race for, no file to leave behind.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterThisTest } from '../../support/cleanup.js'
import { within } from '../../support/server.js'

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0
export const WITHOUT_REDIS = 'redis-server is not installed'

export class RedisServer {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'expectation-redis-'))
  /** Where it was told to listen. */
  readonly socket = path.join(this.folder, 'redis.sock')
  /** Where it is found. */
  #address = this.socket
  readonly #flags: readonly string[]
  #process: ChildProcess | undefined

  private constructor(flags: readonly string[]) {
    this.#flags = flags
  }

  /** Not started yet; stopped after the test. */
  static prepare(...flags: string[]): RedisServer {
    const server = new RedisServer(flags)
    afterThisTest(async () => {
      await server.kill()
      rmSync(server.folder, { recursive: true, force: true })
    })
    return server
  }

  static async start(...flags: string[]): Promise<RedisServer> {
    const server = RedisServer.prepare(...flags)
    await server.begin()
    return server
  }

  /** Starts it, empty, and waits until it answers. */
  async begin(): Promise<void> {
    const store = ['--save', '', '--appendonly', 'no', '--dir', this.folder]
    const at = ['--port', '0', '--unixsocket', this.socket]
    this.#process = spawn('redis-server', [...store, ...at, ...this.#flags], { stdio: 'ignore' })
    await within('redis-server', this.#answering(), 10_000)
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#process?.kill('SIGCONT')
  }

  /** Ends it at once: what it knew is lost. */
  async kill(): Promise<void> {
    const ending = this.#process
    this.#process = undefined
    if (ending === undefined || ending.exitCode !== null) return
    const ended = once(ending, 'exit')
    ending.kill('SIGKILL')
    await ended
  }

  /** From here on it is found where another one was. */
  takePlaceOf(other: RedisServer): void {
    renameSync(this.#address, other.socket)
    this.#address = other.socket
  }

  /** One inline command over a connection of its own; the reply as it is on the wire. */
  command(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(this.#address)
      socket.setTimeout(2_000, () => socket.destroy(new Error(`no reply to ${line}`)))
      socket.once('connect', () => socket.write(`${line}\r\n`))
      socket.once('error', reject)
      socket.once('data', (bytes) => {
        socket.destroy()
        resolve(bytes.toString('utf8').trim())
      })
    })
  }

  async #answering(): Promise<void> {
    for (;;) {
      const reply = await this.command('PING').catch(() => '')
      if (reply === '+PONG') return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
