// Claims of one process in a pool that all processes share. Laws:
// - who asks is answered within the store's deadline, whatever the server does
// - a claim that was granted too late to be used is given back
// - what this process holds is in its ledger, and the server is told by it, never the other way round

import { randomBytes } from 'node:crypto'
import type { Held } from '../meter.js'
import type { Claim, Limits, OnStoreFailure, Pool, PoolSettings, StoreAnswer } from '../store.js'
import { Allowance } from './allowance.js'
import { Auditor } from './auditor.js'
import { Heartbeat } from './heartbeat.js'
import { Ledger } from './ledger.js'
import type { Link } from './link.js'
import { Lookout } from './lookout.js'
import { type Reply, readCount } from './reply.js'
import { Returns } from './returns.js'

export interface RedisPoolOptions {
  readonly link: Link
  readonly leaseMs: number
  readonly graceMs: number
  readonly onClosed: () => void
}

/** While content waits to grow, newcomers anywhere leave the headroom to it for so long. */
const HUNGRY_MS = 500
/** Heartbeats are a little late at times. */
const SETTLING_MS = 500

export class RedisPool implements Pool {
  readonly silent = true
  readonly #process = randomBytes(9).toString('base64url')
  readonly #options: RedisPoolOptions
  readonly #limits: Limits
  readonly #mode: OnStoreFailure
  readonly #onFreed: () => void
  readonly #link: Link
  readonly #ledger = new Ledger()
  readonly #returns: Returns
  readonly #allowance: Allowance
  readonly #heartbeat: Heartbeat
  readonly #lookout: Lookout
  #ids = 0
  #closed = false

  constructor(options: RedisPoolOptions, settings: PoolSettings) {
    const { link, leaseMs, graceMs } = options
    const { limits, onStoreFailure, meter, lines } = settings
    this.#options = options
    this.#limits = limits
    this.#mode = onStoreFailure
    this.#onFreed = () => {
      lines.growing.advance()
      lines.beginning.advance()
    }
    this.#link = link
    this.#returns = new Returns(link, this.#onFreed)
    this.#allowance = new Allowance(this.#ledger, limits, leaseMs / 3 + SETTLING_MS)
    this.#heartbeat = new Heartbeat({
      link,
      ledger: this.#ledger,
      returns: this.#returns,
      allowance: this.#allowance,
      meter,
      process: this.#process,
      leaseMs,
      graceMs,
    })
    link.tells({
      down: () => this.#allowance.freeze(this.#heartbeat.processes, this.#returns.unheard),
      back: async () => void (await this.#heartbeat.beat()),
    })
    const auditor = new Auditor(link, meter, leaseMs)
    this.#heartbeat.start(() => auditor.turn())
    this.#lookout = new Lookout({
      link,
      ledger: this.#ledger,
      heartbeat: this.#heartbeat,
      allowance: this.#allowance,
      graceMs,
      mayGoAlone: onStoreFailure === 'local',
    })
  }

  get held(): Held {
    return { slots: this.#ledger.slots, bytes: this.#ledger.bytes }
  }

  newId(): string {
    this.#ids += 1
    return `${this.#process}.${this.#ids}`
  }

  acquire(claim: Claim): StoreAnswer | Promise<StoreAnswer> {
    if (this.#closed) return 'unavailable'
    return this.#link.up ? this.#ask(claim) : this.#takeAlone(claim, 'no')
  }

  extend(id: string, by: number): StoreAnswer | Promise<StoreAnswer> {
    if (this.#closed || !this.#ledger.has(id)) return 'unavailable'
    return this.#link.up ? this.#raise(id, by) : this.#growAlone(id, by)
  }

  release(id: string): void {
    const entry = this.#ledger.remove(id)
    if (entry === undefined) return
    if (entry.told === 'no') this.#onFreed()
    else this.#returns.add(id, entry.told === 'yes' ? entry.bytes : undefined)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#heartbeat.stop()
    this.#lookout.stop()
    for (const { id } of this.#ledger.entries) this.release(id)
    if (this.#link.up) {
      await this.#returns.flush()
      await this.#link.call('leave', [this.#process]).catch(() => undefined)
    }
    this.#link.close()
    this.#options.onClosed()
  }

  async #ask(claim: Claim, again = false): Promise<StoreAnswer> {
    this.#returns.goAhead()
    const own = this.#mayTake(claim)
    if (own) this.#allowance.asks(claim)
    try {
      const reply = await this.#link.call('acquire', this.#acquireArguments(claim, own), {
        late: ([code]) => this.#late(claim.id, code),
      })
      this.#allowance.answered(claim)
      return await this.#read(claim, reply, again)
    } catch {
      this.#allowance.answered(claim)
      const answer = this.#closed ? 'unavailable' : this.#takeAlone(claim, 'maybe')
      // It may be read and granted all the same, when the server wakes up.
      if (answer !== 'granted') this.#returns.add(claim.id)
      return answer
    }
  }

  async #read(claim: Claim, reply: Reply, again: boolean): Promise<StoreAnswer> {
    const [code, epoch = '', slots, bytes] = reply
    this.#heartbeat.sawEpoch(epoch)
    switch (code) {
      case 'granted':
      case 'slots':
      case 'bytes':
      case 'tenant-slots':
      case 'tenant-bytes':
        this.#allowance.saw({ slots: readCount(slots), bytes: readCount(bytes) })
        // Of a way that is closed by now it is no decision: the part was just counted.
        if (this.#link.up) this.#allowance.lift()
        return code === 'granted' ? this.#hold(claim) : code
      case 'own':
        this.#allowance.freeze(this.#heartbeat.processes)
        return this.#hold(claim)
      default:
        // Not all that is held was told to the server yet; each process goes by its own account.
        this.#allowance.freeze(this.#heartbeat.processes)
        return !again && this.#mayTake(claim) ? this.#ask(claim, true) : 'unavailable'
    }
  }

  #hold(claim: Claim): StoreAnswer {
    if (this.#closed) {
      this.#returns.add(claim.id)
      return 'unavailable'
    }
    this.#ledger.add(claim, 'yes')
    return 'granted'
  }

  async #raise(id: string, by: number): Promise<StoreAnswer> {
    const entry = this.#ledger.get(id)
    if (entry === undefined) return 'unavailable'
    this.#returns.goAhead()
    const { tenant, bytes } = entry
    const total = bytes + by
    try {
      const [code, epoch = ''] = await this.#link.call(
        'raise',
        [
          ...[id, tenant, bytes, total, this.#options.leaseMs, ...this.#heartbeat.epochArguments],
          ...[limit(this.#limits.bytes), limit(this.#limits.tenantBytes), HUNGRY_MS],
        ],
        { late: () => this.#late(id, 'granted') },
      )
      this.#heartbeat.sawEpoch(epoch)
      if (code === 'bytes' || code === 'tenant-bytes') return code
      if (code !== 'granted') return this.#growAlone(id, by)
      // By another question it may have grown further meanwhile.
      const most = Math.max(total, entry.bytes)
      if (this.#ledger.get(id) === entry) this.#ledger.raise(entry, most, 'yes')
      // It ended while this was on its way, and may have been put again.
      else this.#returns.add(id)
      return 'granted'
    } catch {
      return this.#growAlone(id, by)
    }
  }

  #mayTake({ tenant, bytes }: Claim): boolean {
    return this.#ownAnswer(tenant, { slots: 1, bytes }) === 'granted'
  }

  /** Without the server. */
  #ownAnswer(tenant: string, more: Held): StoreAnswer {
    if (this.#mode === 'refuse') return 'unavailable'
    if (this.#mode === 'admit') return 'granted'
    return this.#allowance.allows(tenant, more, this.#heartbeat.processes)
  }

  #takeAlone(claim: Claim, told: 'no' | 'maybe'): StoreAnswer {
    if (!this.#mayTake(claim)) return 'unavailable'
    this.#ledger.add(claim, told)
    this.#heartbeat.tookAlone()
    return 'granted'
  }

  #growAlone(id: string, by: number): StoreAnswer {
    const entry = this.#ledger.get(id)
    if (entry === undefined) return 'unavailable'
    // A tenant at its part is told so, and holds up nobody else in the line.
    const answer = this.#ownAnswer(entry.tenant, { slots: 0, bytes: by })
    if (answer !== 'granted') return answer
    this.#ledger.raise(entry, entry.bytes + by, entry.told === 'no' ? 'no' : 'maybe')
    this.#heartbeat.tookAlone()
    return 'granted'
  }

  #late(id: string, code: string | undefined): void {
    const granted = code === 'granted' || code === 'own'
    if (granted && !this.#ledger.has(id)) this.#returns.add(id)
  }

  #acquireArguments(claim: Claim, own: boolean): readonly (string | number)[] {
    const { slots, bytes, openBytes, tenantSlots, tenantBytes, tenantOpenBytes } = this.#limits
    return [
      ...[claim.id, claim.tenant, claim.bytes, this.#options.leaseMs],
      ...this.#heartbeat.epochArguments,
      ...[own ? 1 : 0, claim.leavesHeadroom ? 1 : 0],
      ...[slots, bytes, openBytes, tenantSlots, tenantBytes, tenantOpenBytes].map(limit),
    ]
  }
}

/** As scripts take it. */
function limit(value: number): number {
  return Number.isFinite(value) ? value : -1
}
