// An exchange on an HTTP/1 connection, where content that is not read stands in the way of the next
// request (RFC 9112 section 9.3).

import type { IncomingMessage, ServerResponse } from 'node:http'
import { Exchange } from '../exchange.js'
import type { Connection } from './connection.js'

/**
 * Where reading on and closing cost the same, in bytes: on loopback a closed connection costs about
 * as much as 64 KiB of content that is read and dropped.
 */
const DRAIN_BYTES = 65_536

export class ConnectionExchange extends Exchange {
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    readonly connection: Connection,
    continueAlreadySent: boolean,
  ) {
    super(request, response, continueAlreadySent)
    connection.exchange = this
  }

  override cut(): void {
    this.wasCut = true
    this.connection.drop()
    this.connection.socket.destroy()
  }

  override get carrierGone(): boolean {
    return this.connection.socket.destroyed
  }

  override get answered(): boolean {
    return this.response.writableFinished
  }

  /** Node gives a response its socket when all responses before it are finished. */
  override get itsTurn(): boolean {
    return this.response.socket !== null
  }

  /** A client that uttered an expectation may or may not send the rest: nothing is sure there. */
  override get drainable(): boolean {
    return (
      this.framing.kind === 'length' &&
      this.framing.bytes - this.receivedBytes <= DRAIN_BYTES &&
      this.expectation.kind === 'none'
    )
  }

  /** Node's HTTP/1 parser reports an end only for a whole message. */
  override get endIsWhole(): boolean {
    return true
  }

  protected override released(): void {
    this.connection.release(this)
  }
}

/** What a guarded message of an HTTP/1 connection has found on itself. */
export function onConnection(exchange: Exchange | undefined): ConnectionExchange {
  if (exchange instanceof ConnectionExchange) return exchange
  throw new TypeError('A guarded message has no exchange on a connection.')
}
