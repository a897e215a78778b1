// Servers whose requests start, told to every copy of the library in this process. Laws:
// - Node keeps what is subscribed, with the realm that it was made in, so there is one subscription
//   for all copies: Jest loads the library for each test file, in a realm of its own
// - a copy lives as long as one of its gates; only the first stays, with the subscription

import { type Channel, channel, subscribe } from 'node:diagnostics_channel'
import type { AttachableServer } from '../exchange/server-context.js'
import { AttachedServer } from './attached-server.js'
import { STARTED } from './dropped-response.js'

const STARTS = Symbol.for('@expectation/core.starts')

type Look = (server: AttachableServer) => void

/** Every copy finds the first one's there. */
type Marked = Channel & { [STARTS]?: Starts }

class Starts {
  readonly #looks = new Set<WeakRef<Look>>()
  /** A gate keeps the look of its copy. */
  readonly #lookOf = new WeakMap<object, Look>()
  /** Servers that nobody attached, with the number of gates there were when they were looked at. */
  readonly #plain = new WeakMap<AttachableServer, number>()
  #gatesMade = 0

  constructor() {
    subscribe(STARTED, (message) => {
      const { server } = message as { readonly server: AttachableServer }
      if (AttachedServer.find(server) !== undefined) return
      if (this.#plain.get(server) !== this.#gatesMade) this.#show(server)
    })
  }

  static ofProcess(): Starts {
    const marked: Marked = channel(STARTED)
    marked[STARTS] ??= new Starts()
    return marked[STARTS]
  }

  /**
   * `new WeakRef` must run in the realm of the first copy: a WeakRef of another realm keeps that realm
   * alive through its prototype.
   */
  add(gate: object, look: Look): void {
    this.#gatesMade += 1
    this.#lookOf.set(gate, look)
    for (const reference of this.#looks) if (reference.deref() === look) return
    this.#looks.add(new WeakRef(look))
  }

  #show(server: AttachableServer): void {
    for (const reference of this.#looks) {
      const look = reference.deref()
      if (look === undefined) this.#looks.delete(reference)
      else look(server)
    }
    if (AttachedServer.find(server) === undefined) this.#plain.set(server, this.#gatesMade)
  }
}

/** From now on `look` is shown each server before its next request, and again after another gate. */
export function lookFor(gate: object, look: Look): void {
  Starts.ofProcess().add(gate, look)
}
