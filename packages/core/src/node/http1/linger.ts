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

const NOTHING = Buffer.alloc(0)

export class Linger<Owner extends LingeringConnection> implements Lingering {
  /** Connections that linger now, in the whole process. */
  static active = 0

  bytes = 0
  place = 0
  readonly #startedAt = performance.now()
  #heardAt = this.#startedAt
  #timer: NodeJS.Timeout
  #ended = false

  constructor(
    private readonly connection: Owner,
    private readonly bounds: LingerBounds,
    private readonly onEnd: (connection: Owner, end: LingerEnd) => void,
  ) {
    Linger.active += 1
    publishLingerStart(connection.exchange?.request, Linger.active)
    this.#timer = this.#wait(Math.min(bounds.idleMs, bounds.totalMs))
    this.#takeOver()
  }

  /** Node's parser must not see another byte: what follows would be dispatched. */
  #takeOver(): void {
    const { socket } = this.connection
    socket.removeAllListeners('data')
    for (const listener of socket.listeners('end')) {
      // Node's own would finish the parser, and find the message broken off.
      if (listener.name === 'bound socketOnEnd') socket.off('end', listener as () => void)
    }
    // A `data` listener also makes Node hand the socket back from its parser ("unconsume").
    socket.on('data', (chunk: Buffer) => this.#dropped(chunk.byteLength))
    socket.once('end', () => this.#end('peer-closed'))
    socket.once('close', () => this.#end('error'))
    socket.setTimeout(0)
    socket.end()
    socket.unref()
    // When content came with the head, Node has stopped reading, and the stream still believes that
    // a read is under way: `resume()` alone would never read again. An empty push ends that read.
    socket.resume()
    socket.push(NOTHING)
    // Not in this turn: whoever made this linger does not have it yet.
    if (socket.readableEnded) process.nextTick(() => this.#end('peer-closed'))
  }

  #dropped(bytes: number): void {
    this.bytes += bytes
    this.#heardAt = performance.now()
    if (this.bytes > this.bounds.maxBytes) this.#end('bytes')
  }

  /** One timer for both bounds; a chunk only notes when it came. */
  #wait(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      const now = performance.now()
      const idleLeft = this.bounds.idleMs - (now - this.#heardAt)
      const totalLeft = this.bounds.totalMs - (now - this.#startedAt)
      if (totalLeft <= 0) this.#end('total')
      else if (idleLeft <= 0) this.#end('idle')
      else this.#timer = this.#wait(Math.ceil(Math.min(idleLeft, totalLeft)))
    }, ms).unref()
  }

  /** The server is closing: the answer gets a moment more to arrive, no longer. */
  hurry(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#end('shutdown'), SHUTDOWN_GRACE_MS).unref()
  }

  #end(end: LingerEnd): void {
    if (this.#ended) return
    this.#ended = true
    Linger.active -= 1
    const { socket, exchange } = this.connection
    publishLingerEnd(exchange?.request, { active: Linger.active, end, bytes: this.bytes })
    clearTimeout(this.#timer)
    if (end === 'peer-closed' && !socket.writableFinished) {
      // The peer has finished sending and still reads; what is left of the answer goes out first.
      socket.once('finish', () => socket.destroy())
    } else {
      socket.destroy()
    }
    this.onEnd(this.connection, end)
  }
}
