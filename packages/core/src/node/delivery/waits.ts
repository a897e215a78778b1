// What an HTTP/1 exchange waits for once its final head is out, each with its bounds. All of them end the
// same way: `onTime` is told, and decides what becomes of the connection.

import type { Socket } from 'node:net'
import type { Http1Exchange } from '../connection/http1-exchange.js'
import { ExchangeWait } from '../exchange/exchange-wait.js'
import { nowMs } from '../timers.js'

/** Node counts bytes as written when it hands them over; its handles tell how many the kernel has not taken. */
interface WritingHandle {
  readonly writeQueueSize?: number
  /** Of TLS: what carries it. */
  readonly _parent?: WritingHandle | null
}
type WritingSocket = Socket & { readonly _handle?: WritingHandle | null }

/** The shortest time that a client has to take more of a finished answer, in milliseconds, whatever `linger` says. */
const LEAST_PATIENCE_MS = 1000

type OnTime = (exchange: Http1Exchange) => void

/**
 * Content is read and dropped, or read by somebody after the answer: bytes put the deadline off, and
 * `totalMs` is the end of it.
 */
export class RestOfContent extends ExchangeWait {
  readonly #startedAt = nowMs()
  #heardAt = this.#startedAt
  #seenBytes: number

  constructor(
    private readonly exchange: Http1Exchange,
    private readonly bounds: { readonly idleMs: number; readonly totalMs: number },
    private readonly onTime: OnTime,
  ) {
    super()
    this.#seenBytes = exchange.receivedBytes
  }

  override get deadline(): number {
    const { receivedBytes } = this.exchange
    if (receivedBytes !== this.#seenBytes) {
      this.#seenBytes = receivedBytes
      this.#heardAt = nowMs()
    }
    const { idleMs, totalMs } = this.bounds
    return Math.min(this.#heardAt + idleMs, this.#startedAt + totalMs)
  }

  override expire(): void {
    this.leave()
    this.inItsContext(() => this.onTime(this.exchange))
  }
}

/**
 * The final head is out, content is unread, and the answer is not whole yet: somebody has to write, and
 * the client has to take it.
 */
export class RestOfAnswer extends ExchangeWait {
  #heardAt = nowMs()
  #seenBytes: number
  /** When it is looked at next. */
  #looksAt: number

  constructor(
    private readonly exchange: Http1Exchange,
    private readonly onTime: OnTime,
  ) {
    super()
    const { linger, contentTimeoutMs } = exchange.policy
    this.#seenBytes = this.#moved
    this.#looksAt = this.#heardAt + Math.min(linger.totalMs, contentTimeoutMs)
  }

  /** Bytes that have gone either way. */
  get #moved(): number {
    const socket: WritingSocket = this.exchange.connection.socket
    const { bytesWritten = 0, writableLength = 0, _handle: handle } = socket
    const { writeQueueSize = 0, _parent: parent } = handle ?? {}
    const queued = writeQueueSize + (parent?.writeQueueSize ?? 0)
    return this.exchange.receivedBytes + bytesWritten - writableLength - queued
  }

  /** How long no byte may go either way, in milliseconds. */
  get #patience(): number {
    const { response, policy, connection } = this.exchange
    if (response.writableEnded) return Math.max(LEAST_PATIENCE_MS, policy.linger.totalMs)
    // Content that is to be drained costs nothing while the application writes on: Node waits, too.
    return connection.closing ? policy.contentTimeoutMs : Number.POSITIVE_INFINITY
  }

  override get deadline(): number {
    return this.#looksAt
  }

  override expire(): void {
    // All content has come: the answer costs nobody anything but its client, as in Node.
    if (this.exchange.received) {
      this.leave()
      return
    }
    const now = nowMs()
    const moved = this.#moved
    if (moved !== this.#seenBytes) {
      this.#seenBytes = moved
      this.#heardAt = now
    }
    const { totalMs } = this.exchange.policy.linger
    const due = this.#heardAt + this.#patience
    if (due > now) {
      // The answer may end meanwhile, which brings the end of its time forward.
      this.#looksAt = Math.min(due, now + Math.max(1, totalMs))
      return
    }
    this.leave()
    this.inItsContext(() => this.onTime(this.exchange))
  }
}
