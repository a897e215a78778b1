// One HTTP/1 connection with uploads on it: its open exchanges, requests that wait to be dispatched, and
// whether it closes. Laws:
// - a closing connection never opens again, and no request behind the close is dispatched (R27)
// - only the exchange that was opened last can have unread content: whatever stands behind content is
//   parsed when that content has come

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Exchange } from '../exchange/exchange.js'
import { publishDropped } from '../observe/channels.js'
import type { ServerContext } from '../server/server-context.js'
import { setImmediate } from '../timers.js'
import { type Before, type HeldRequest, HeldRequests } from './held-requests.js'
import type { KeptContent } from './kept-content.js'
import { PostponedEnd } from './postponed-end.js'

const CONNECTION = Symbol.for('@expectation/core.connection')

type Marked = object & { [CONNECTION]?: Connection }

const NONE: readonly Exchange[] = Object.freeze([])

/** What stands in for the reading of requests once a connection is past them. */
export interface Reading {
  received(bytes: number): void
  peerEnded(): void
}

export class Connection implements Before {
  readonly destroySoon: (() => void) | undefined
  /** Replaced and never grown: an array that has grown by one keeps room for sixteen more. */
  #open: readonly Exchange[] = NONE
  #held: HeldRequests | undefined
  /** More came behind an open exchange than are held: they are dispatched as they come. */
  #passesOn = false
  #closing = false
  #ending = false
  #behind = false
  #pipelined = false
  #delays = false
  #end: PostponedEnd | undefined
  #reading: Reading | undefined
  #kept: KeptContent[] | undefined

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
    // Before Node's parser hears of it: what only waits for its segment is whole by then, and who is handed
    // on now is told that the connection is gone.
    socket.prependListener('end', requestsEnded)
    socket.prependListener('close', socketClosed)
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
    return this.#open[0]
  }

  get newest(): Exchange | undefined {
    return this.#open[this.#open.length - 1]
  }

  /** The request that came last, dispatched or not. */
  get latest(): IncomingMessage | undefined {
    return this.#held?.last ?? this.newest?.request
  }

  get exchanges(): readonly Exchange[] {
    return this.#open
  }

  /** Content that was announced has not come. */
  get unread(): boolean {
    return this.newest?.received === false
  }

  /** Requests came before others were answered: what happens to one may be brought about by another. */
  get pipelined(): boolean {
    return this.#pipelined
  }

  opened(exchange: Exchange): void {
    if (this.#open.length > 0) this.#pipelined = true
    this.#open = this.#open.length === 0 ? [exchange] : [...this.#open, exchange]
  }

  settled(exchange: Exchange): void {
    const open = this.#open
    if (open.length > 1 || open[0] !== exchange) {
      this.#open = open.filter((other) => other !== exchange)
      if (this.#open.length > 0) return
    }
    this.#open = NONE
    this.#passesOn = false
    this.#held?.exchangeOver()
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
    for (const request of this.#held?.dropAll() ?? []) this.drop(request)
  }

  /** Requests that wait to be dispatched, if there are any. */
  get held(): HeldRequests | undefined {
    return this.#held
  }

  /** Whether a request that comes now has to wait. */
  get keepsBack(): boolean {
    return this.#held !== undefined || (this.#open.length > 0 && !this.#passesOn)
  }

  /** Keeps a request back, with all that come behind it. */
  hold(request: HeldRequest): void {
    this.#delays = true
    if (this.#open.length > 0) this.#pipelined = true
    this.#held ??= new HeldRequests(this)
    this.#held.add(request)
  }

  get isOpen(): boolean {
    return this.#open.length > 0
  }

  get handsOn(): boolean {
    return this.#kept !== undefined
  }

  released(early: boolean): void {
    this.#held = undefined
    this.#passesOn = early
  }

  /**
   * Of a request that is being dispatched: the pieces come in the turn after this one, each in an immediate of its
   * own, since Node runs ticks and promises between them.
   */
  handOnLater(content: KeptContent): void {
    if (content.pieces === 0) return
    this.#kept ??= []
    this.#kept.push(content)
    for (let piece = 0; piece < content.pieces; piece += 1) setImmediate(handOnNext, this)
  }

  handOnNext(): void {
    const next = this.#kept?.[0]
    if (next === undefined || next.handOnNext()) return
    this.#kept?.shift()
    if (this.#kept?.length === 0) this.#kept = undefined
  }

  /** The client has half-closed. */
  ended(): void {
    if (this.#delays) this.#postpones()
    this.#held?.flushWhileFree()
  }

  #postpones(): PostponedEnd {
    this.#end ??= new PostponedEnd(
      this.socket,
      () => this.handsOn || this.#held?.flushing === true,
      () => this.#open.length + (this.#held?.size ?? 0),
      () => {
        this.#end = undefined
      },
    )
    return this.#end
  }

  /** After the end of the client: for who answers in the turns behind its content. */
  postponeEnd(action: () => void): void {
    this.#postpones().add(action)
  }

  /** @returns Whether the end of the client waits; then the action waits for it. */
  waitsForEnd(action: () => void): boolean {
    this.#end?.add(action)
    return this.#end !== undefined
  }

  /** Nothing follows: all that is here is handed on before Node tells that. */
  handOnAll(): void {
    while (this.#kept !== undefined) this.handOnNext()
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

function requestsEnded(this: Socket): void {
  Connection.find(this)?.ended()
}

/** Node ends every request that has not come to its end: what is here comes before. */
function socketClosed(this: Socket): void {
  const connection = Connection.find(this)
  connection?.held?.closed()
  connection?.handOnAll()
}

function handOnNext(connection: Connection): void {
  connection.handOnNext()
}
