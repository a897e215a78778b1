// The staged close of RFC 9112 section 9.6 (R28). Laws:
// - the answer is complete and flushed, our side is half-closed, and only then does waiting begin
// - what still comes is counted and dropped, never parsed, within idle time, total time and bytes
// - a linger holds up nobody: not the process, not `server.close()`
// - a linger that has ended holds nothing: since Node 24 the closures in Node's own streams keep closed
//   sockets through V8's scavenges, with all that they reach, until the next full collection
//
// Closing with unread bytes in the kernel makes TCP send a reset, and the reset makes most clients
// throw the answer away (measured: nodejs/node#9085 and the figures in the README).

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { LingerEnd } from '../../outcome/outcome.js'
import type { Policy } from '../../policy/policy.js'
import { publishLingerEnd, publishLingerStart } from '../channels.js'
import type { Lingering, Lingers } from './lingers.js'

export type LingerBounds = Policy['linger']

/** The server on whose behalf connections linger. */
export interface LingerHost {
  readonly lingers: Lingers
  /** Bounds where no gate has spoken for the exchange. */
  readonly linger: LingerBounds
  /** The server has been told to close: nothing may linger for long. */
  readonly closed: boolean
}

/**
 * The connection that lingers. It forgets its exchange when that is settled, and nothing here
 * remembers it: see the law above.
 */
export interface LingeringConnection {
  readonly socket: Socket
  readonly exchange: { readonly request: IncomingMessage } | undefined
}

/** What a server that is closing grants an answer to arrive, in milliseconds. */
const SHUTDOWN_GRACE_MS = 250

export class Linger<Owner extends LingeringConnection> implements Lingering {
  /** Connections that linger now, in the whole process. */
  static active = 0

  bytes = 0
  place = 0
  readonly #startedAt = performance.now()
  #heardAt = this.#startedAt
  #hurriesUntil: number | undefined
  #ended = false

  constructor(
    private readonly connection: Owner,
    private readonly bounds: LingerBounds,
    private readonly onEnd: (connection: Owner, end: LingerEnd) => void,
  ) {
    Linger.active += 1
    publishLingerStart(connection.exchange?.request, Linger.active)
  }

  get deadline(): number {
    const { idleMs, totalMs } = this.bounds
    return this.#hurriesUntil ?? Math.min(this.#heardAt + idleMs, this.#startedAt + totalMs)
  }

  expire(): void {
    if (this.#hurriesUntil !== undefined) this.end('shutdown')
    else this.end(this.deadline < this.#startedAt + this.bounds.totalMs ? 'idle' : 'total')
  }

  hurry(): void {
    this.#hurriesUntil = performance.now() + SHUTDOWN_GRACE_MS
  }

  received(bytes: number): void {
    this.bytes += bytes
    this.#heardAt = performance.now()
    if (this.bytes > this.bounds.maxBytes) this.end('bytes')
  }

  end(end: LingerEnd): void {
    if (this.#ended) return
    this.#ended = true
    Linger.active -= 1
    const { socket, exchange } = this.connection
    publishLingerEnd(exchange?.request, { active: Linger.active, end, bytes: this.bytes })
    if (end === 'peer-closed' && !socket.writableFinished) {
      // The peer has finished sending and still reads; what is left of the answer goes out first.
      socket.once('finish', socket.destroy)
    } else {
      socket.destroy()
    }
    this.onEnd(this.connection, end)
  }
}
