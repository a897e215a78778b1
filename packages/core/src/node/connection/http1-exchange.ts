// An exchange on an HTTP/1 connection, where content that is not read stands in the way of the next
// request (RFC 9112 section 9.3).

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { PendingDecision } from '../../decide/pending-decision.js'
import { DRAIN_BYTES } from '../../lifecycle/disposition.js'
import { isHeadMade } from '../answer/kept-head.js'
import { Exchange, type ExchangeListener } from '../exchange/exchange.js'
import type { ServerContext } from '../exchange/server-context.js'
import { setTimeout } from '../timers.js'
import type { Connection } from './connection.js'
import { trimListeners } from './trim-listeners.js'

/** The 100 as Node writes it. */
export const CONTINUE_LINES = 'HTTP/1.1 100 Continue\r\n\r\n'

/**
 * Pause between two pieces of refused content before the answer is whole, in milliseconds. A socket that is
 * not read never tells that its peer has gone; one that is read as fast as it goes lets all of it come.
 */
const PIECE_MS = 50

export class Http1Exchange extends Exchange {
  #drained = false
  #pauses = false
  #closedByApplication = false

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    readonly connection: Connection,
    listener: ExchangeListener,
    continueSent: boolean,
  ) {
    const { complete } = request
    super(request, response, listener, { continueSent, complete })
    connection.opened(this)
  }

  override get server(): ServerContext {
    return this.connection.server
  }

  override get gone(): boolean {
    return this.connection.socket.destroyed
  }

  override get answered(): boolean {
    return this.response.writableFinished
  }

  /** Node gives a response its socket when all responses before it are finished. */
  override get itsTurn(): boolean {
    return this.response.socket !== null
  }

  /** The rest of the content is read and dropped, so that the connection can be kept. */
  get drained(): boolean {
    return this.#drained
  }

  /** The application has said `Connection: close`: Node would close as soon as the answer is out. */
  get closedByApplication(): boolean {
    return this.#closedByApplication
  }

  applicationCloses(): void {
    this.#closedByApplication = true
  }

  drain(): void {
    this.#drained = true
  }

  /** Declared bytes that have not come. */
  get remaining(): number | undefined {
    return this.framing.kind === 'length' ? this.framing.bytes - this.receivedBytes : undefined
  }

  /** A client that uttered an expectation may or may not send the rest: nothing is sure there. */
  override get drainable(): boolean {
    const { remaining, expectation } = this
    return remaining !== undefined && remaining <= DRAIN_BYTES && expectation.kind === 'none'
  }

  /** Node's HTTP/1 parser reports an end only for a whole message. */
  override get endIsWhole(): boolean {
    return true
  }

  override decisionPends(pending: PendingDecision): void {
    super.decisionPends(pending)
    trimListeners(this.connection.socket)
  }

  override contentAsked(): void {}

  override contentRefused(): void {
    super.contentRefused()
    if (!this.received && this.connection.socket.isPaused()) this.contentDropped()
  }

  override contentDropped(): boolean {
    if (this.whole || this.drainable) return true
    if (!this.#pauses) {
      this.#pauses = true
      setTimeout(readPiece, PIECE_MS, this).unref()
    }
    return false
  }

  /** Reading goes on after a pause. */
  readPiece(): void {
    this.#pauses = false
    const { request, connection, originals, settled } = this
    if (settled || connection.reading !== undefined) return
    // Who destroys a request in a pipeline takes the socket from it.
    if (request.socket === null) connection.socket.resume()
    else originals._read.call(request, 0)
  }

  protected override destroyCarrier(): void {
    this.connection.close()
    this.connection.socket.destroy()
  }

  /**
   * A head that Node has taken and kept back is not on the wire. Node 22 and older would still write the
   * 100 where it belongs then, newer ones throw (ERR_HTTP_HEADERS_SENT).
   */
  protected override writeContinue(): void {
    const { response, connection, originals } = this
    if (isHeadMade(response)) connection.socket.write(CONTINUE_LINES)
    else originals.writeContinue.call(response)
  }

  protected override released(): void {
    this.connection.settled(this)
  }
}

function readPiece(exchange: Http1Exchange): void {
  exchange.readPiece()
}

/** What a guarded message of an HTTP/1 connection has found on itself. */
export function onConnection(exchange: Exchange | undefined): Http1Exchange {
  if (exchange instanceof Http1Exchange) return exchange
  throw new TypeError('A guarded message has no exchange on a connection.')
}
