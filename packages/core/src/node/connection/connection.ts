// One HTTP/1 connection with uploads on it: its open exchanges, and whether it closes. Laws:
// - a closing connection never opens again, and no request behind the close is dispatched (R27)
// - only the exchange that was opened last can have unread content: whatever stands behind content is
//   parsed when that content has come

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Exchange } from '../exchange/exchange.js'
import type { ServerContext } from '../exchange/server-context.js'
import { publishDropped } from '../observe/channels.js'
import type { HeldRequest, HeldRequests } from './held-requests.js'
import { type Carrier, Pipeline } from './pipeline.js'

const CONNECTION = Symbol.for('@expectation/core.connection')

type Marked = object & { [CONNECTION]?: Connection }

const NONE: readonly Exchange[] = Object.freeze([])

/** What stands in for the reading of requests once a connection is past them. */
export interface Reading {
  received(bytes: number): void
  peerEnded(): void
}

export class Connection implements Carrier {
  readonly destroySoon: (() => void) | undefined
  #oldest: Exchange | undefined
  /** Nearly always there is one at a time, and no list. */
  #others = NONE
  #pipeline: Pipeline | undefined
  #closing = false
  #ending = false
  #behind = false
  #reading: Reading | undefined

  private constructor(
    readonly socket: Socket,
    readonly server: ServerContext,
  ) {
    // A socket that was made by somebody else may be any duplex stream.
    const { destroySoon }: { readonly destroySoon?: () => void } = socket
    this.destroySoon = destroySoon
  }

  static find(socket: object | null | undefined): Connection | undefined {
    return (socket as Marked | null | undefined)?.[CONNECTION]
  }

  static open(socket: Socket, server: ServerContext): Connection {
    const marked: Marked = socket
    const connection = new Connection(socket, server)
    marked[CONNECTION] = connection
    return connection
  }

  /** A final response has said, or will have to say, `Connection: close`. */
  get closing(): boolean {
    return this.#closing
  }

  /** Bytes came behind the last content, and were not or will not be parsed. */
  get behind(): boolean {
    return this.#behind
  }

  /** Set when the parser has been left: what reads the socket instead. */
  get reading(): Reading | undefined {
    return this.#reading
  }

  get oldest(): Exchange | undefined {
    return this.#oldest
  }

  get newest(): Exchange | undefined {
    return this.#others.at(-1) ?? this.#oldest
  }

  /** The request that came last, dispatched or not. */
  get latest(): IncomingMessage | undefined {
    return this.held?.last ?? this.newest?.request
  }

  get exchanges(): readonly Exchange[] {
    if (this.#oldest === undefined) return NONE
    return this.#others.length === 0 ? [this.#oldest] : [this.#oldest, ...this.#others]
  }

  /** How many exchanges are open. */
  get open(): number {
    return this.#oldest === undefined ? 0 : 1 + this.#others.length
  }

  /** Content that was announced has not come. */
  get unread(): boolean {
    return this.newest?.received === false
  }

  /** What has come before its turn, now or earlier. */
  get pipeline(): Pipeline | undefined {
    return this.#pipeline
  }

  /** Requests that wait to be dispatched, if there are any. */
  get held(): HeldRequests | undefined {
    return this.#pipeline?.held
  }

  /** Whether a request that comes now has to wait. */
  get keepsBack(): boolean {
    const waits = this.#oldest !== undefined && this.#pipeline?.passesOn !== true
    return waits || this.held !== undefined
  }

  opened(exchange: Exchange): void {
    if (this.#oldest === undefined) {
      this.#oldest = exchange
      return
    }
    this.#others = [...this.#others, exchange]
    this.needsPipeline().openedBehind(exchange)
  }

  settled(exchange: Exchange): void {
    const others = this.#others
    if (exchange === this.#oldest) this.#oldest = others[0]
    const oldest = this.#oldest
    if (others.length > 0) {
      this.#others = others.filter((other) => other !== exchange && other !== oldest)
    }
    if (oldest === undefined) this.#pipeline?.allOver()
  }

  /** Whether the response of an exchange is the last one, and has to say so. */
  closesAfter(exchange: Exchange): boolean {
    return this.#ending || (this.#closing && exchange === this.newest)
  }

  /** The last response is out: Node closes the connection. */
  end(): void {
    this.#ending = true
    this.close()
  }

  close(): void {
    this.#closing = true
    for (const request of this.#pipeline?.dropAll() ?? []) this.drop(request)
  }

  /** Keeps a request back, with all that come behind it. */
  hold(request: HeldRequest): void {
    this.needsPipeline().hold(request)
  }

  /** After the end of the client: for who answers in the turns behind its content. */
  postponeEnd(action: () => void): void {
    this.needsPipeline().postponeEnd(action)
  }

  private needsPipeline(): Pipeline {
    this.#pipeline ??= new Pipeline(this)
    return this.#pipeline
  }

  /** Bytes stand behind the newest request that nobody can parse: its answer is the last one. */
  closeBehind(): void {
    this.#closing = true
    this.#behind = true
  }

  /** A request came behind the close. Its content must not stop the socket: the end would not be heard. */
  drop(request: IncomingMessage): void {
    this.#behind = true
    request.resume()
    publishDropped(request)
  }

  /** From here on what comes is for `reading`, and nothing is parsed. */
  leftParser(reading: Reading): void {
    this.#behind = true
    this.#reading = reading
  }
}
