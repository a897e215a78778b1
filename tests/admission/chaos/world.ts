// Redis, servers and clients as processes of their own, and what is done to them while they work.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { bundled, portOf } from '../../support/child.js'
import { afterThisTest } from '../../support/cleanup.js'
import { freePort } from '../../support/free-port.js'
import { RedisServer } from '../support/redis-server.js'
import { until } from '../support/until.js'
import { Load, type LoadSettings, type Tally } from './clients.js'
import type { ServerSettings } from './upload-server.js'
import { begunBetween, type Peaks, peaksOf } from './witness.js'

const SCRIPT = "import './admission/chaos/upload-server.ts'"

interface Served {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  readonly port: number
}

/** A claim as the store has it, by the store's own clock, in milliseconds. */
export interface Claimed {
  readonly id: string
  readonly until: number
  readonly leftMs: number
}

export interface Beginning {
  /** Redis is not there yet. */
  readonly away?: boolean
  /** Redis has a replica. */
  readonly replica?: boolean
  /** What one of the processes takes for the time, as an expression added to `Date.now()`. */
  readonly clock?: string
}

/** A program that is run before the server's own. */
const clockBy = (offset: string) =>
  `data:text/javascript,${encodeURIComponent(`
    const { now } = Date
    globalThis.Date = class extends Date {
      constructor(...parts) { parts.length > 0 ? super(...parts) : super(new.target.now()) }
      static now() { return now() + ${offset} }
    }`)}`

export class World {
  #redis: RedisServer
  #replica: RedisServer | undefined
  readonly #servers: Served[] = []
  readonly #killed = new Map<string, bigint>()
  readonly #witness: string

  private constructor(redis: RedisServer) {
    this.#redis = redis
    this.#witness = path.join(redis.folder, 'witness')
  }

  /** The one that processes talk to. */
  get redis(): RedisServer {
    return this.#redis
  }

  static async begin(
    settings: Pick<ServerSettings, 'options' | 'store' | 'client'>,
    processes: number,
    { away = false, replica = false, clock }: Beginning = {},
  ): Promise<World> {
    // Replication goes over TCP.
    const port = replica ? await freePort() : 0
    const world = new World(RedisServer.prepare('--port', String(port), '--bind', '127.0.0.1'))
    if (!away) await world.redis.begin()
    if (replica) await world.#replicate(port)
    const script = bundled(SCRIPT)
    const env = { socket: world.redis.socket, witness: world.#witness, ...settings }
    const flags = (at: number) =>
      at === 0 && clock !== undefined ? ['--import', clockBy(clock)] : []
    await Promise.all(
      Array.from({ length: processes }, (_, at) => world.#serve([...flags(at), script], env)),
    )
    if (!away) await world.joined(processes)
    return world
  }

  joined(processes: number): Promise<void> {
    return until('all have joined', async () => {
      return (await this.count('ZCARD', 'procs')) === processes
    })
  }

  async #replicate(port: number): Promise<void> {
    const flags = ['--replicaof', '127.0.0.1', String(port), '--repl-diskless-sync-delay', '0']
    const replica = await RedisServer.start(...flags)
    await until(
      'the replica is in step',
      async () => {
        return (await replica.command('INFO replication')).includes('master_link_status:up')
      },
      20_000,
    )
    this.#replica = replica
  }

  /** Redis is killed; its replica takes its place a little later. */
  async failOver(): Promise<void> {
    const replica = this.#replica
    if (replica === undefined) throw new Error('There is no replica.')
    await this.redis.kill()
    await sleep(500)
    await replica.command('REPLICAOF NO ONE')
    replica.takePlaceOf(this.redis)
    this.#redis = replica
  }

  async #serve(args: readonly string[], settings: ServerSettings): Promise<void> {
    const child = spawn(process.execPath, args, {
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

  /** Exit codes of processes that have ended, which none should have. */
  get ended(): readonly (number | null)[] {
    return this.#servers.map(({ child }) => child.exitCode).filter((code) => code !== null)
  }

  begunBetween(from: bigint, to: bigint): number {
    return begunBetween(this.#witness, from, to)
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

  /** Claims that the store knows, and how long their leases still are, by its own clock. */
  async claims(): Promise<readonly Claimed[]> {
    const [seconds = 0, micros = 0] = wordsOf(await this.redis.command('TIME')).map(Number)
    const now = seconds * 1000 + micros / 1000
    const words = wordsOf(await this.redis.command('ZRANGE {uploads}:expiry 0 -1 WITHSCORES'))
    return words.flatMap((id, at) =>
      at % 2 === 0
        ? [{ id, until: Number(words[at + 1]), leftMs: Number(words[at + 1]) - now }]
        : [],
    )
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

/** The members of an array, which is written with a length before each of them. */
function wordsOf(reply: string): readonly string[] {
  return reply.split('\r\n').filter((line) => !/^[*$]/.test(line))
}
