// Redis, servers and clients as processes of their own, and what is done to them while they work.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { bundled, portOf } from '../../support/child.js'
import { afterThisTest } from '../../support/cleanup.js'
import { RedisServer } from '../support/redis-server.js'
import { until } from '../support/until.js'
import { Load, type LoadSettings, type Tally } from './clients.js'
import type { ServerSettings } from './upload-server.js'
import { type Peaks, peaksOf } from './witness.js'

const SCRIPT = "import './admission/chaos/upload-server.ts'"

interface Served {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  readonly port: number
}

export class World {
  readonly redis: RedisServer
  readonly #servers: Served[] = []
  readonly #killed = new Map<string, bigint>()
  readonly #witness: string

  private constructor(redis: RedisServer) {
    this.redis = redis
    this.#witness = path.join(redis.folder, 'witness')
  }

  static async begin(
    settings: Pick<ServerSettings, 'options' | 'store' | 'client'>,
    processes: number,
  ): Promise<World> {
    const world = new World(await RedisServer.start())
    const script = bundled(SCRIPT)
    const env = { socket: world.redis.socket, witness: world.#witness, ...settings }
    await Promise.all(Array.from({ length: processes }, () => world.#serve(script, env)))
    await until('all have joined', async () => {
      return (await world.count('ZCARD', 'procs')) === processes
    })
    return world
  }

  async #serve(script: string, settings: ServerSettings): Promise<void> {
    const child = spawn(process.execPath, [script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CHAOS_SETTINGS: JSON.stringify(settings) },
    })
    const ended = once(child, 'exit')
    afterThisTest(async () => {
      child.kill('SIGKILL')
      await ended
    })
    this.#servers.push({ child, port: await portOf(child, 'an upload server') })
  }

  get ports(): readonly number[] {
    return this.#servers.map(({ port }) => port)
  }

  async load(settings: LoadSettings, during: () => Promise<void>): Promise<Tally> {
    const load = new Load(settings, () => this.ports)
    const [tally] = await Promise.all([load.run(), during().finally(() => load.mayEnd())])
    expect(tally.done + tally.left).toBe(load.begun)
    return tally
  }

  /** kill -9. Clients go on with the others. */
  async killOne(): Promise<void> {
    const [server] = this.#servers.splice(0, 1)
    if (server === undefined) return
    const ended = once(server.child, 'exit')
    server.child.kill('SIGKILL')
    await ended
    this.#killed.set(String(server.child.pid), process.hrtime.bigint())
  }

  /** Ends each in the ordinary way. @returns Their exit codes. */
  async endAll(): Promise<readonly unknown[]> {
    return Promise.all(
      this.#servers.map(async ({ child }) => {
        const ended = once(child, 'exit')
        child.kill('SIGTERM')
        return (await ended)[0] as unknown
      }),
    )
  }

  peaks(): Peaks {
    return peaksOf(this.#witness, this.#killed)
  }

  /** A whole number that the store has. */
  async count(command: string, key: string, field = ''): Promise<number> {
    const reply = await this.redis.command(`${command} {uploads}:${key} ${field}`)
    // `$-1` where there is no such field.
    return reply === '$-1' ? 0 : Number(/-?\d+$/.exec(reply)?.[0] ?? Number.NaN)
  }

  /** Nothing is held, and the counters say so. */
  async empty(ms: number): Promise<void> {
    await until('no claim is left', async () => (await this.count('HLEN', 'claims')) === 0, ms)
    expect(await this.count('HGET', 'used', 's')).toBe(0)
    expect(await this.count('HGET', 'used', 'b')).toBe(0)
    expect(await this.count('HLEN', 'bykey')).toBe(0)
    expect(await this.count('ZCARD', 'expiry')).toBe(0)
  }
}
