// The way to the server: every call has a deadline, and one failure closes the way, so that only the
// first ones wait for it. One probe at a time then finds out when the server is there again.

import type { Meter } from '../meter.js'
import { warnOnce } from '../warn-once.js'
import type { Evaluate } from './client.js'
import { type Reply, readReply } from './reply.js'
import type { Command } from './scripts/scripts.js'
import { within } from './within.js'

/** How often a server that is away is probed. */
const PROBE_MS = 250
/** A probe that is not answered at all is given up, and another one sent. */
const PROBE_PATIENCE_MS = 5_000

export interface LinkOptions {
  readonly pool: string
  readonly evaluate: Evaluate
  readonly timeoutMs: number
  readonly meter: Meter
}

export interface LinkEvents {
  /** The server cannot be asked from here on. */
  down(): void
  /** The server answers again: says what is held, and calls {@link Link.restored}. */
  back(): Promise<void>
}

export interface CallOptions {
  /** Default: the store's `timeoutMs`. */
  readonly ms?: number
  /** Given the reply that came after the deadline. */
  readonly late?: (reply: Reply) => void
}

export class Link {
  readonly #options: LinkOptions
  readonly #keys: readonly string[]
  #events: LinkEvents | undefined
  #up = true
  #closed = false
  /** A probe is under way, and what follows it. */
  #probing = false
  #timer: NodeJS.Timeout | undefined

  constructor(options: LinkOptions) {
    this.#options = options
    // One hash tag, so that all keys are in one slot of a cluster.
    const parts = ['used', 'bykey', 'claims', 'expiry', 'procs']
    this.#keys = parts.map((part) => `{${options.pool}}:${part}`)
  }

  /** To be called once, before the first call. */
  tells(events: LinkEvents): void {
    this.#events = events
  }

  get up(): boolean {
    return this.#up
  }

  get timeoutMs(): number {
    return this.#options.timeoutMs
  }

  /** Rejects when the server did not answer in time, or with an error; the way is closed then. */
  async call(
    command: Command,
    args: readonly (string | number)[],
    { ms = this.timeoutMs, late }: CallOptions = {},
  ): Promise<Reply> {
    const { meter, evaluate } = this.#options
    const since = performance.now()
    let failed = true
    try {
      const ask = () => evaluate(command, this.#keys, args.map(String))
      const tell = (answer: unknown) => tellLate(command, answer, late)
      const reply = readReply(command, await within(ms, ask, { late: tell }))
      failed = false
      return reply
    } catch (error) {
      this.#fail(error)
      throw error
    } finally {
      meter.tell({ kind: 'asked', tookMs: performance.now() - since, failed })
    }
  }

  /** Everything that is held was told to the server. */
  restored(): void {
    if (this.#up) return
    this.#up = true
    this.#options.meter.tell({ kind: 'store', state: 'up' })
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #fail(cause: unknown): void {
    if (!this.#up || this.#closed) return
    this.#up = false
    const { pool, meter } = this.#options
    meter.tell({ kind: 'store', state: 'down', cause })
    warnOnce(
      'EXPECTATION_WRN_ADMISSION_STORE_AWAY',
      `The Redis store of the admission pool '${pool}' cannot be asked: ${textOf(cause)}`,
    )
    this.#events?.down()
    // At once: a single slow answer is no outage.
    this.#probeIn(0)
  }

  /** One at a time: a call may fail while the probe that opened the way for it has not ended. */
  #probeIn(ms: number): void {
    if (this.#closed || this.#up || this.#probing) return
    // A heartbeat that was on its way may have opened the way before the timer.
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#probe(), ms)
    this.#timer.unref()
  }

  async #probe(): Promise<void> {
    const { evaluate } = this.#options
    this.#probing = true
    try {
      const ask = () => evaluate('probe', this.#keys, [])
      await within(PROBE_PATIENCE_MS, ask, { isBackground: true })
      if (!this.#closed) await this.#events?.back()
    } catch {
      // Still away.
    }
    this.#probing = false
    this.#probeIn(PROBE_MS)
  }
}

function tellLate(command: Command, answer: unknown, late: CallOptions['late']): void {
  try {
    late?.(readReply(command, answer))
  } catch {
    // Nobody waits for it any more, and it says nothing.
  }
}

/** What was thrown may be an object without a prototype, or one whose methods throw. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return 'a value that cannot be shown'
  }
}
