// What has come on a connection before its turn: requests that wait to be dispatched, content of theirs that is
// handed on in the turns behind that, and the end of the client behind both. A connection has one from the first
// request that had to wait. Law: the order on the connection holds (R29), and what Node tells of its end comes last.

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { type AsyncContext, currentContext } from '../observe/async-context.js'
import { setImmediate } from '../timers.js'
import { type Before, type HeldRequest, HeldRequests } from './held-requests.js'
import type { KeptContent } from './kept-content.js'
import { PostponedEnd } from './postponed-end.js'

/** What it knows of its connection. */
export interface Carrier {
  readonly socket: Socket
  /** How many exchanges are open. */
  readonly open: number
}

export class Pipeline implements Before {
  #held: HeldRequests | undefined
  #passesOn = false
  readonly #contexts = new WeakMap<object, AsyncContext>()
  #listens = false
  #end: PostponedEnd | undefined
  #kept: KeptContent[] | undefined

  constructor(private readonly carrier: Carrier) {}

  /** Requests that wait to be dispatched, if there are any. */
  get held(): HeldRequests | undefined {
    return this.#held
  }

  /** More came behind an open exchange than are held: they are dispatched as they come. */
  get passesOn(): boolean {
    return this.#passesOn
  }

  /** Of an exchange that was opened before others were over: what happens to it may be brought about by those. */
  contextOf(exchange: object): AsyncContext | undefined {
    return this.#contexts.get(exchange)
  }

  get isOpen(): boolean {
    return this.carrier.open > 0
  }

  get handsOn(): boolean {
    return this.#kept !== undefined
  }

  /** Keeps a request back, with all that come behind it. */
  hold(request: HeldRequest): void {
    this.#listen()
    this.#held ??= new HeldRequests(this)
    this.#held.add(request)
  }

  /**
   * Before Node's parser hears of it: what only waits for its segment is whole by then, and who is handed on now is
   * told that the connection is gone. Node ends every request that has not come to its end: what is here comes before.
   */
  #listen(): void {
    if (this.#listens) return
    this.#listens = true
    const { socket } = this.carrier
    socket.prependListener('end', () => this.#ended())
    socket.prependListener('close', () => {
      this.#held?.closed()
      this.handOnAll()
    })
  }

  /** The exchange that has been opened now came before another was over. */
  openedBehind(exchange: object): void {
    this.#contexts.set(exchange, currentContext())
  }

  /** No exchange is open any more. */
  allOver(): void {
    this.#passesOn = false
    this.#held?.exchangeOver()
  }

  released(early: boolean): void {
    this.#held = undefined
    this.#passesOn = early
  }

  /** @returns Those that will never be dispatched. */
  dropAll(): readonly IncomingMessage[] {
    return this.#held?.dropAll() ?? []
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

  /** Nothing follows: all that is here is handed on before Node tells that. */
  handOnAll(): void {
    while (this.#kept !== undefined) this.handOnNext()
  }

  #ended(): void {
    this.#postpones()
    this.#held?.flushWhileFree()
  }

  #postpones(): PostponedEnd {
    this.#end ??= new PostponedEnd(
      this.carrier.socket,
      () => this.handsOn || this.#held?.flushing === true,
      () => this.carrier.open + (this.#held?.size ?? 0),
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
}

function handOnNext(pipeline: Pipeline): void {
  pipeline.handOnNext()
}
