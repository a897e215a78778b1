// One HTTP/1 connection with uploads on it. Laws:
// - at most one exchange is open; what the client pipelined behind it waits, so that nothing runs
//   before the exchange is settled, and nothing at all once the connection is closing (R27, R29)
// - a closing connection never opens again

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { publishDropped } from '../channels.js'
import type { Exchange } from '../exchange.js'
import type { Linger, LingerHost } from './linger.js'

const CONNECTION = Symbol.for('@expectation/core.connection')

/** A pipelined request that waits for the one before it. */
interface HeldRequest {
  readonly request: IncomingMessage
  dispatch(): void
}

type Carrier = Socket & { [CONNECTION]?: Connection }

export class Connection {
  /** The exchange that is not settled yet. */
  exchange: Exchange | undefined
  /** A final response has said, or will have to say, `Connection: close`. */
  closing = false
  linger: Linger<Connection> | undefined
  #held: HeldRequest[] | undefined

  private constructor(
    readonly socket: Socket,
    readonly host: LingerHost,
  ) {}

  static find(socket: Socket | null | undefined): Connection | undefined {
    return (socket as Carrier | null | undefined)?.[CONNECTION]
  }

  static open(socket: Socket, host: LingerHost): Connection {
    const carrier: Carrier = socket
    const connection = new Connection(socket, host)
    carrier[CONNECTION] = connection
    return connection
  }

  /** Keeps a pipelined request back until the open exchange is settled. */
  hold(held: HeldRequest): void {
    this.#held ??= []
    this.#held.push(held)
  }

  /** The open exchange is settled: what was held back runs now, or never. */
  release(exchange: Exchange): void {
    if (this.exchange !== exchange) return
    this.exchange = undefined
    while (!this.closing && this.exchange === undefined) {
      const next = this.#held?.shift()
      if (next === undefined) return
      next.dispatch()
    }
  }

  drop(): void {
    this.closing = true
    for (const { request } of this.#held?.splice(0) ?? []) publishDropped(request)
  }
}
