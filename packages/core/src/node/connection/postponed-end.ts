// A client that half-closes behind its requests. Node ends the connection when it hears that
// (`httpAllowHalfOpen` is false), or answers 400 when the last request is not whole; what has been answered by then
// arrives. Requests that had to wait came to the application some turns later than Node would have handed them on.
// Law: the end, and what Node has to say of it, comes as much later; until then the socket is readable, since
// body-parser takes the content of a request for read when it is not.

import type { Socket } from 'node:net'
import { setImmediate } from '../timers.js'

/** A handler that answers in the turn after its content has ended is in time with Node; then the next one is dispatched. */
const TURNS = 3

const READABLE: PropertyDescriptor & ThisType<Socket> = {
  configurable: true,
  enumerable: false,
  get() {
    return !this.destroyed
  },
  set(value) {
    Reflect.set(Object.getPrototypeOf(this), 'readable', value, this)
  },
}

export class PostponedEnd {
  readonly #socket: Socket
  readonly #given: PropertyDescriptor | undefined
  readonly #end: Socket['end']
  /** Of TLS it is false: Node ends such a socket right after it has told the end of the client. */
  readonly #allowsHalfOpen: boolean
  readonly #postponed = (...rest: readonly unknown[]): Socket => this.#asked(rest)
  #ended = false
  #actions: (() => void)[] = []
  #quiet = 0
  #owed = 0

  /**
   * @param isBusy - Requests, or content, are being handed on.
   * @param owed - How many requests have not been answered: one fewer begins the turns anew.
   * @param onOver - It has come.
   */
  constructor(
    socket: Socket,
    private readonly isBusy: () => boolean,
    private readonly owed: () => number,
    private readonly onOver: () => void,
  ) {
    this.#socket = socket
    this.#given = Object.getOwnPropertyDescriptor(socket, 'end')
    this.#end = socket.end
    this.#allowsHalfOpen = socket.allowHalfOpen
    socket.allowHalfOpen = true
    Reflect.set(socket, 'end', this.#postponed)
    Object.defineProperty(socket, 'readable', READABLE)
    setImmediate(look, this)
  }

  /** To be done when the end comes. */
  add(action: () => void): void {
    this.#actions.push(action)
  }

  look(): void {
    const socket = this.#socket
    const owed = this.owed()
    this.#quiet = this.isBusy() || owed < this.#owed ? 0 : this.#quiet + 1
    this.#owed = owed
    if (this.#quiet < TURNS && !socket.destroyed) {
      setImmediate(look, this)
      return
    }
    if (socket.end === this.#postponed) {
      if (this.#given === undefined) Reflect.deleteProperty(socket, 'end')
      else Object.defineProperty(socket, 'end', this.#given)
    }
    Reflect.deleteProperty(socket, 'readable')
    socket.allowHalfOpen = this.#allowsHalfOpen
    this.onOver()
    // Node would have ended it before it heard the client: what there is to say of its end is not written any more.
    if (this.#ended) this.#endNow()
    for (const action of this.#actions) if (!socket.destroyed) action()
    if (!this.#allowsHalfOpen) this.#endNow()
  }

  #endNow(): void {
    if (!this.#socket.destroyed) Reflect.apply(this.#end, this.#socket, [])
  }

  #asked(rest: readonly unknown[]): Socket {
    if (rest.length === 0) this.#ended = true
    else Reflect.apply(this.#end, this.#socket, rest)
    return this.#socket
  }
}

function look(end: PostponedEnd): void {
  end.look()
}
