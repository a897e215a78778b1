// Uploads that wait for room, first come, first served. Laws:
// - nobody overtakes; but who waits for its own tenant's limit holds up that tenant alone
// - each waits at most its time, and not at all once its client has left
// - one attempt at a time, however many wait: the store is asked by the head of the line

import type { Shortage, StoreAnswer, Waiting } from './store.js'

/**
 * So many tenants that have no room end a round, lest they keep a store busy that has to be waited for; the
 * next one goes on behind them.
 */
const REFUSALS_A_ROUND = 16
/** How often the head of the line asks where room comes free without a word. */
const POLL_MS = 50

export interface Place {
  readonly tenant: string
  readonly shortage: Shortage
  readonly waitMs: number
  readonly signal?: AbortSignal | undefined
  attempt(): StoreAnswer | Promise<StoreAnswer>
  /** What was granted came after nobody waited any more. */
  giveBack(): void
  /** Called once: `granted`, or what was missing when time was up or the client left. */
  settled(answer: StoreAnswer): void
}

/** Those of one tenant. */
interface Queue {
  /** What its first one waits for; the others wait behind that one. */
  shortage: Shortage
  length: number
}

interface Waiter {
  readonly place: Place
  readonly since: number
  readonly queue: Queue
  readonly timer: NodeJS.Timeout
  readonly leave: () => void
}

export class Line implements Waiting {
  readonly #waiters = new Set<Waiter>()
  readonly #queues = new Map<string, Queue>()
  readonly #polls: () => boolean
  readonly #onLeft: () => void
  /** Tenants that have no room, of the rounds that ended before the line did. */
  #passed: ReadonlySet<string> = new Set()
  #working = false
  #again = false
  #poll: NodeJS.Timeout | undefined

  /**
   * @param polls - Whether room may come free without {@link Line.advance} being called.
   * @param onLeft - Called after somebody has left, and those behind were asked that can be at once.
   */
  constructor(polls: () => boolean, onLeft: () => void = () => {}) {
    this.#polls = polls
    this.#onLeft = onLeft
  }

  get length(): number {
    return this.#waiters.size
  }

  get since(): number {
    for (const { since } of this.#waiters) return since
    return Number.POSITIVE_INFINITY
  }

  /** What those wait for that are before an upload of this tenant; `undefined` where none is. */
  shortageBefore(tenant: string): Shortage | undefined {
    const own = this.#queues.get(tenant)
    if (own !== undefined) return own.shortage
    for (const { shortage } of this.#queues.values()) if (isOfAll(shortage)) return shortage
    return undefined
  }

  /**
   * Queues at the end.
   *
   * @returns Leaves the line, which settles what is still waited for.
   */
  join(place: Place): () => void {
    const queue = this.#queues.get(place.tenant) ?? { shortage: place.shortage, length: 0 }
    const giveUp = () => this.#settle(waiter, queue.shortage)
    const timer = setTimeout(giveUp, place.waitMs)
    const waiter: Waiter = { place, since: performance.now(), queue, timer, leave: giveUp }
    this.#waiters.add(waiter)
    this.#queues.set(place.tenant, queue)
    queue.length += 1
    place.signal?.addEventListener('abort', waiter.leave, { once: true })
    if (place.signal?.aborted) waiter.leave()
    this.#schedule()
    return waiter.leave
  }

  advance(): void {
    if (this.#waiters.size === 0) return
    this.#again = true
    if (!this.#working) void this.#work()
  }

  /** Whoever waits is told `unavailable`. */
  dismiss(): void {
    for (const waiter of this.#waiters) this.#settle(waiter, 'unavailable')
  }

  async #work(): Promise<void> {
    this.#working = true
    while (this.#again) {
      this.#again = false
      await this.#round()
    }
    this.#working = false
    this.#schedule()
  }

  async #round(): Promise<void> {
    const full = new Set(this.#passed)
    this.#passed = new Set()
    let refusals = 0
    for (const waiter of this.#waiters) {
      const { place } = waiter
      if (full.has(place.tenant)) continue
      const asked = place.attempt()
      // Not awaited where the answer is there: room that came free is used in the same turn.
      const answer = typeof asked === 'string' ? asked : await asked
      if (!this.#waiters.has(waiter)) {
        if (answer === 'granted') place.giveBack()
      } else if (answer === 'granted' || answer === 'unavailable') {
        this.#settle(waiter, answer)
      } else {
        waiter.queue.shortage = answer
        if (isOfAll(answer)) return
        full.add(place.tenant)
        refusals += typeof asked === 'string' ? 0 : 1
        if (refusals >= REFUSALS_A_ROUND) {
          this.#passed = full
          return
        }
      }
    }
  }

  #settle(waiter: Waiter, answer: StoreAnswer): void {
    if (!this.#waiters.delete(waiter)) return
    clearTimeout(waiter.timer)
    waiter.place.signal?.removeEventListener('abort', waiter.leave)
    waiter.queue.length -= 1
    if (waiter.queue.length === 0) this.#queues.delete(waiter.place.tenant)
    if (this.#waiters.size === 0) this.#stopPolling()
    // Who was held up by one that gave up may fit.
    else if (answer !== 'granted') queueMicrotask(() => this.advance())
    queueMicrotask(this.#onLeft)
    waiter.place.settled(answer)
  }

  /** Not put off by who joins meanwhile: where many do, it would never come. */
  #schedule(): void {
    if (!this.#polls() || this.#waiters.size === 0 || this.#poll !== undefined) return
    this.#poll = setTimeout(() => {
      this.#poll = undefined
      this.advance()
    }, POLL_MS)
  }

  #stopPolling(): void {
    clearTimeout(this.#poll)
    this.#poll = undefined
  }
}

function isOfAll(shortage: Shortage): boolean {
  return shortage === 'slots' || shortage === 'bytes'
}
