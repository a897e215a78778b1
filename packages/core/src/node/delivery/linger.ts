// The staged close of RFC 9112 section 9.6 (R28). Laws:
// - the answer is complete, and our side is half-closed in the turn in which waiting begins
// - what still comes is counted and dropped, never parsed, within idle time, total time and bytes
// - a linger holds up nobody: not the process, until the server closes, and then for a moment only
// - a linger that has ended holds nothing: since Node 24 the closures in Node's own streams keep closed
//   sockets through V8's scavenges, with all that they reach, until the next full collection
//
// Closing with unread bytes in the kernel makes TCP send a reset, and the reset makes most clients
// throw the answer away (measured: nodejs/node#9085 and the figures in the README).

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { LingerEnd } from '../../outcome/outcome.js'
import type { LingerPolicy } from '../../policy/said-options.js'
import type { Reading } from '../connection/connection.js'
import { Wait } from '../exchange/deadlines.js'
import { type AsyncContext, currentContext } from '../observe/async-context.js'
import { publishLingerEnd, publishLingerStart } from '../observe/channels.js'
import { nowMs } from '../timers.js'

/** What a server that is closing grants an answer to arrive, in milliseconds. */
const SHUTDOWN_GRACE_MS = 250

/** Connections that linger now, in the whole process, for those who watch. */
let active = 0

export interface LingerFacts {
  readonly socket: Socket
  readonly request: IncomingMessage | undefined
  readonly bounds: LingerPolicy
  /** Called once, in the context of the request that was answered. */
  readonly onEnd: (socket: Socket, end: LingerEnd, bytes: number) => void
}

export class Linger extends Wait implements Reading {
  #bytes = 0
  readonly #startedAt = nowMs()
  #heardAt = this.#startedAt
  #hurriesUntil: number | undefined
  #facts: LingerFacts | undefined
  #context: AsyncContext | undefined = currentContext()

  constructor(facts: LingerFacts) {
    super()
    this.#facts = facts
    active += 1
    publishLingerStart(facts.request, active)
  }

  override get deadline(): number {
    if (this.#hurriesUntil !== undefined) return this.#hurriesUntil
    const { idleMs = 0, totalMs = 0 } = this.#facts?.bounds ?? {}
    return Math.min(this.#heardAt + idleMs, this.#startedAt + totalMs)
  }

  override expire(): void {
    if (this.#hurriesUntil !== undefined) this.end('shutdown')
    else this.end(this.deadline < this.#startedAt + this.#totalMs ? 'idle' : 'total')
  }

  /** The process stays for it now: `server.close()` has promised to call back. */
  override hurry(): void {
    this.#hurriesUntil ??= nowMs() + SHUTDOWN_GRACE_MS
    this.#facts?.socket.ref?.()
  }

  received(bytes: number): void {
    this.#bytes += bytes
    this.#heardAt = nowMs()
    if (this.#bytes > (this.#facts?.bounds.maxBytes ?? 0)) this.end('bytes')
  }

  peerEnded(): void {
    this.end('peer-closed')
  }

  end(end: LingerEnd): void {
    const facts = this.#facts
    const context = this.#context
    if (facts === undefined || context === undefined) return
    this.#facts = undefined
    this.#context = undefined
    this.leave()
    active -= 1
    const { socket } = facts
    if (end === 'peer-closed' && !socket.writableFinished) {
      // The peer has finished sending and still reads; what is left of the answer goes out first.
      socket.once('finish', socket.destroy)
    } else {
      socket.destroy()
    }
    context(() => {
      publishLingerEnd(facts.request, { active, end, bytes: this.#bytes })
      facts.onEnd(socket, end, this.#bytes)
    })
  }

  get #totalMs(): number {
    return this.#facts?.bounds.totalMs ?? 0
  }
}
