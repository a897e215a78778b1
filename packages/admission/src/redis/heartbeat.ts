// Says what this process holds, every third of a lease, all of it in a few calls. It renews leases,
// and brings back what the server has lost. After an outage nothing else is sent before it.

import { randomUUID } from 'node:crypto'
import type { Meter } from '../meter.js'
import type { Allowance } from './allowance.js'
import type { Entry, Ledger } from './ledger.js'
import type { Link } from './link.js'
import { type Reply, readCount } from './reply.js'
import type { Returns } from './returns.js'

/** Claims in one call: it takes the server about two milliseconds. */
const BATCH = 500
/** A heartbeat may take longer than a question about an upload, which somebody waits for. */
const LEAST_TIMEOUT_MS = 500
/** Rounds in which what came in meanwhile is told too. */
const MOST_ROUNDS = 10

export interface HeartbeatOptions {
  readonly link: Link
  readonly ledger: Ledger
  readonly returns: Returns
  readonly allowance: Allowance
  readonly meter: Meter
  readonly process: string
  readonly leaseMs: number
  readonly graceMs: number
}

export class Heartbeat {
  readonly #options: HeartbeatOptions
  #timer: NodeJS.Timeout | undefined
  #beating: Promise<boolean> | undefined
  /** The memory of the server that was told everything, by its name. */
  #told = ''
  #heardAt = Number.NEGATIVE_INFINITY
  #alone = false
  /** The memory of the server is another one than that which was told. */
  #storeLost = false
  #processes = 1
  /** Until then the others may not have told a new memory that they are there. */
  #gatheringUntil = Number.NEGATIVE_INFINITY

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  /** Processes that the server knows, or knew before it lost them; this one included. */
  get processes(): number {
    return this.#processes
  }

  /** Something was taken without asking: the server holds everybody to its own account for a while. */
  tookAlone(): void {
    this.#alone = true
  }

  start(onBeat: () => void): void {
    this.#timer = setInterval(() => {
      if (this.#options.link.up) void this.beat().then(onBeat)
    }, this.#options.leaseMs / 3)
    this.#timer.unref()
    void this.beat()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** How long ago the server has told the name of its memory, in milliseconds. */
  get silentMs(): number {
    return performance.now() - this.#heardAt
  }

  /** The memory that was told everything, a name for a new one, and the grace: as scripts take them. */
  get epochArguments(): readonly (string | number)[] {
    // Random for each call: the same one again would hide that the server was emptied.
    return [this.#told, randomUUID(), this.#options.graceMs]
  }

  /** The server has told the name of its memory. */
  sawEpoch(name: string): void {
    this.#heardAt = performance.now()
    if (!this.#metAnother(name)) return
    // What the server has lost it is told at once; by a beat that was on its way it may not have been.
    void this.beat().then((heard) => {
      if (heard && this.#isAnother(name)) void this.beat()
    })
  }

  /** Notes whether the store, or leases alone, are lost with the memory that was told. */
  #metAnother(name: string): boolean {
    const another = this.#isAnother(name)
    if (another) this.#storeLost ||= memoryOf(name) !== memoryOf(this.#told)
    return another
  }

  #isAnother(name: string): boolean {
    return name !== '' && this.#told !== '' && this.#told !== name
  }

  /** @returns Whether the server has heard everything. Never rejects. */
  beat(): Promise<boolean> {
    this.#beating ??= this.#rounds()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        this.#beating = undefined
      })
    return this.#beating
  }

  async #rounds(): Promise<void> {
    const { link, ledger, returns, allowance } = this.#options
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const names = await this.#tellAll()
      const [name = ''] = names
      // Emptied between two calls, it has to be told again.
      if (names.size > 1) continue
      this.#told = name
      if (ledger.allTold) break
    }
    if (ledger.allTold) this.#alone = false
    this.#storeLost = false
    allowance.joined()
    link.restored()
    void returns.flush()
  }

  /** @returns The names of the memories that were told. */
  async #tellAll(): Promise<ReadonlySet<string>> {
    const { entries } = this.#options.ledger
    const names = new Set<string>()
    for (let at = 0; at === 0 || at < entries.length; at += BATCH) {
      names.add(await this.#tell(entries.slice(at, at + BATCH)))
    }
    return names
  }

  /** @returns The name of the memory that was told. */
  async #tell(all: readonly Entry[]): Promise<string> {
    const { link, ledger, allowance, meter, process, leaseMs } = this.#options
    const entries = all.filter(({ id }) => ledger.has(id))
    const news = entries.filter(({ told }) => told !== 'yes').length
    // Changed while it is on its way, it is told again.
    for (const entry of entries) entry.told = 'yes'
    const said = entries.flatMap(({ id, bytes, tenant }) => [id, bytes, tenant])
    const alone = this.#alone ? 1 : 0
    let reply: Reply
    try {
      reply = await link.call('renew', [process, leaseMs, ...this.epochArguments, alone, ...said], {
        ms: Math.max(link.timeoutMs, LEAST_TIMEOUT_MS),
        late: () => this.#forgetEnded(entries),
      })
    } catch (error) {
      for (const entry of entries) entry.told = 'maybe'
      throw error
    }
    const [restored, name = '', processes, slots, bytes, decides] = reply
    const now = performance.now()
    this.#heardAt = now
    if (this.#metAnother(name)) this.#gatheringUntil = now + this.#options.graceMs
    const least = now < this.#gatheringUntil ? this.#processes : 1
    this.#processes = Math.max(least, readCount(processes))
    allowance.saw({ slots: readCount(slots), bytes: readCount(bytes) })
    const decided = readCount(decides) === 1 && name === this.#told
    if (link.up && decided) allowance.lift()
    if (readCount(restored) > 0) this.#forgetEnded(entries)
    const claims = readCount(restored) - news
    if (claims > 0) {
      meter.tell({ kind: 'restored', claims, lost: this.#storeLost ? 'store' : 'lease' })
    }
    return name
  }

  /** What was given back while this was on its way has been put again. */
  #forgetEnded(entries: readonly Entry[]): void {
    for (const { id } of entries) if (!this.#options.ledger.has(id)) this.#options.returns.add(id)
  }
}

/** A memory all of whose leases have ended at once goes on under its name, `~` and another one. */
function memoryOf(name: string): string | undefined {
  return name.split('~', 1)[0]
}
