// One attached server. Laws:
// - an attached server answers no expectation by itself: every request, whatever it expects, goes to the
//   application's `request` listeners, where tracing and the framework see it (law 7)
// - everything that is done to the server is undone by `detach`, the guard of `close()` when the last linger is over

import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { narrow, type PolicyInForce } from '../../policy/in-force.js'
import { compilePolicy, type Policy } from '../../policy/policy.js'
import type { Format } from '../../refusal/body.js'
import { Deadlines } from '../exchange/deadlines.js'
import type { AttachableServer } from '../exchange/server-context.js'
import { nextTick } from '../timers.js'
import type { DecidingGate } from './dispatch.js'
import { watchStarts } from './dropped-response.js'
import { type EventfulServer, guardEvents, originalEmit } from './guarded-emit.js'

const ATTACHED = Symbol.for('@expectation/core.attachment')

const DEFAULT_POLICY = compilePolicy()

type Marked = object & { [ATTACHED]?: AttachedServer }

/** Tells a framework's own `clientError` listener from one of the application. */
export type OwnListener = (listener: { readonly name: string }) => boolean

export class AttachedServer implements EventfulServer {
  readonly lingers = new Deadlines()
  readonly waits = new Deadlines()
  readonly emit: EventEmitter['emit']
  /** Somebody has attached it, or a gate is there: it is not let go. */
  isKept = false
  #policy: PolicyInForce = DEFAULT_POLICY
  #errorFormat: Format | undefined
  #gate: DecidingGate | undefined
  #ownListener: OwnListener = () => false
  #toldToClose = false
  #detached = false
  #isLetGo = false
  #openExchanges = 0
  /** Of gates that are mounted on its application. */
  readonly #mounted = new WeakSet<Policy>()
  readonly #originalEmit: () => EventEmitter['emit']
  readonly #unguardEvents: () => void
  readonly #unguardClose: () => void

  private constructor(readonly server: AttachableServer) {
    const marked: Marked = server
    marked[ATTACHED] = this
    const original = originalEmit(server)
    this.#originalEmit = original
    this.emit = function emit(this: EventEmitter, ...event) {
      return original().apply(this, event)
    }
    this.#unguardEvents = guardEvents(this)
    this.#unguardClose = this.#guardClose()
  }

  static find(server: object | undefined): AttachedServer | undefined {
    return (server as Marked | undefined)?.[ATTACHED]
  }

  static of(server: AttachableServer): AttachedServer {
    return AttachedServer.find(server) ?? new AttachedServer(server)
  }

  /** Where no gate has spoken: how answers in front of the gates are delivered. */
  get policy(): PolicyInForce {
    return this.#policy
  }

  /** Set on a bare server; under a framework a mounted gate decides. */
  get gate(): DecidingGate | undefined {
    return this.#gate
  }

  get answersItself(): boolean {
    return this.#gate !== undefined
  }

  /** Shape of errors made below the framework; `undefined` leaves them to Node. */
  get errorFormat(): Format | undefined {
    return this.#errorFormat
  }

  get ownListener(): OwnListener {
    return this.#ownListener
  }

  /** A server that never listened is given its connections by somebody else, and is not closed. */
  get closed(): boolean {
    return this.#toldToClose && this.server.listening === false
  }

  get detached(): boolean {
    return this.#detached
  }

  emitBelow(name: string, request: IncomingMessage, response: ServerResponse): boolean {
    // Not `emit`: nearly all events come here, and no list is made for them.
    return this.#originalEmit().call(this.server, name, request, response)
  }

  /** The gate of a bare server; given again, the last one counts. */
  decideBy(gate: DecidingGate): void {
    this.#gate = gate
    const { policy } = gate
    this.#policy = policy
    this.#errorFormat = undefined
    this.#normalize(policy)
  }

  /** A gate is mounted on this server's application: what concerns the whole server is taken from it. */
  mounts(policy: Policy): void {
    this.isKept = true
    if (this.#mounted.has(policy)) return
    this.#mounted.add(policy)
    // Only how an answer is delivered: the rest of a policy is for what reaches the gate.
    const { linger } = policy.said
    if (this.#gate === undefined && Object.keys(linger).length > 0) {
      const delivery = { ...DEFAULT_POLICY, linger: policy.linger, said: { linger } }
      // Met first, it has the last word: most answers in front of gates are in front of this one.
      this.#policy = narrow(delivery, this.#policy)
    }
    this.#normalize(policy)
  }

  frameworkListens(ownListener: OwnListener): void {
    this.#ownListener = ownListener
  }

  #normalize(policy: Policy): void {
    if (!policy.normalizeClientErrors) return
    this.#errorFormat = policy.format
    watchStarts()
  }

  /**
   * `server.close()` calls this one just before it stops to listen: lingering connections must not hold it up. An
   * application that calls it on a server that goes on does not mean them: they are not idle.
   */
  #guardClose(): () => void {
    const { server } = this
    const closeIdleConnections = server.closeIdleConnections
    if (closeIdleConnections === undefined) return () => undefined
    const own = Object.hasOwn(server, 'closeIdleConnections')
    const hurry = () => {
      if (server.listening) return
      this.#toldToClose = true
      this.lingers.hurryAll()
    }
    const guarded = () => {
      nextTick(hurry)
      closeIdleConnections.call(server)
    }
    server.closeIdleConnections = guarded
    return () => {
      if (server.closeIdleConnections !== guarded) return
      if (own) server.closeIdleConnections = closeIdleConnections
      else Reflect.deleteProperty(server, 'closeIdleConnections')
    }
  }

  exchangeOpened(): void {
    this.#openExchanges += 1
  }

  exchangeSettled(): void {
    this.#openExchanges -= 1
    if (this.#isLetGo) this.letGo()
  }

  /** Detaches, unless what is under way reaches a gate. */
  letGo(): void {
    this.#isLetGo = !this.isKept && this.#openExchanges > 0
    if (!this.isKept && this.#openExchanges === 0) this.detach()
  }

  detach(): void {
    if (AttachedServer.find(this.server) !== this) return
    this.#unguardEvents()
    const marked: Marked = this.server
    Reflect.deleteProperty(marked, ATTACHED)
    this.#detached = true
    this.lingerOver()
  }

  lingerOver(): void {
    if (this.#detached && this.lingers.size === 0) this.#unguardClose()
  }
}
