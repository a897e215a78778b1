// A process that nobody asks hears nothing from the server for a third of a lease. It looks meanwhile:
// - where it holds something: a server that was emptied is told so before its grace is over
// - where it may have to go on alone: its part is counted from what was seen in use last

import { type Allowance, WINDOW_MS } from './allowance.js'
import type { Heartbeat } from './heartbeat.js'
import type { Ledger } from './ledger.js'
import type { Link } from './link.js'
import { readCount } from './reply.js'

/** Not more often, however short the grace is. */
const LEAST_MS = 50
/** Not less often, however long it is. */
const MOST_MS = WINDOW_MS / 2

export interface LookoutOptions {
  readonly link: Link
  readonly ledger: Ledger
  readonly heartbeat: Heartbeat
  readonly allowance: Allowance
  readonly graceMs: number
  /** The process may go on alone. */
  readonly mayGoAlone: boolean
}

export class Lookout {
  readonly #options: LookoutOptions
  /**
   * Looks, and how long nothing was heard before one: together half of a grace, so that what is held
   * is told within it.
   */
  readonly #everyMs: number
  readonly #timer: NodeJS.Timeout

  constructor(options: LookoutOptions) {
    this.#options = options
    const { graceMs } = options
    this.#everyMs = graceMs === 0 ? MOST_MS : Math.min(MOST_MS, Math.max(LEAST_MS, graceMs / 4))
    this.#timer = setInterval(() => void this.#turn(), this.#everyMs)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #turn(): Promise<void> {
    const { link, ledger, heartbeat, allowance, mayGoAlone } = this.#options
    const concerned = ledger.slots > 0 || (mayGoAlone && !allowance.fresh)
    if (!link.up || !concerned || heartbeat.silentMs < this.#everyMs) return
    try {
      const [name = '', slots, bytes, decides] = await link.call('look', heartbeat.epochArguments)
      allowance.saw({ slots: readCount(slots), bytes: readCount(bytes) })
      // Else the part of an outage that is over would be taken in the next one.
      if (link.up && readCount(decides) === 1) allowance.lift()
      heartbeat.sawEpoch(name)
    } catch {
      // The link knows.
    }
  }
}
