// One server, tied. Law: an attached server answers no expectation by itself. Every request, whatever
// it expects, goes to the application's `request` listeners, where tracing and the framework see it
// (law 7).

import type { EventEmitter } from 'node:events'
import type { Policy } from '../policy/policy.js'
import type { Format } from '../refusal/body.js'
import type { BareGate, Emit } from './admission.js'
import type { AttachableServer } from './attachment-types.js'
import { DEFAULT_POLICY } from './default-policy.js'
import { exchangeOfRequest } from './exchange.js'
import { Lingers } from './http1/lingers.js'
import { watchStarts } from './http1/request-starts.js'
import { type EventfulServer, guardEvents, plainEmit } from './server-events.js'
import { stageFor } from './stage.js'

const ATTACHMENT = Symbol.for('@expectation/core.attachment')

type Carrier = AttachableServer & { [ATTACHMENT]?: Attachment }

export class Attachment implements EventfulServer {
  readonly lingers = new Lingers()
  errorFormat: Format | undefined
  linger = DEFAULT_POLICY.linger
  /** Set on a bare server; under a framework a mounted gate decides. */
  gate: BareGate | undefined
  #stage: EventEmitter | undefined
  readonly emit: Emit
  #toldToClose = false
  readonly #undo: readonly (() => void)[]

  private constructor(readonly server: AttachableServer) {
    const carrier: Carrier = server
    carrier[ATTACHMENT] = this
    this.emit = plainEmit(server)
    this.#undo = [guardEvents(this), this.#guardClose()]
  }

  static find(server: object | undefined): Attachment | undefined {
    return (server as Carrier | undefined)?.[ATTACHMENT]
  }

  static of(server: AttachableServer): Attachment {
    return Attachment.find(server) ?? new Attachment(server)
  }

  /** A server that never listened is given its connections by somebody else, and is not closed. */
  get closed(): boolean {
    return this.#toldToClose && this.server.listening === false
  }

  get stage(): EventEmitter {
    this.#stage ??= stageFor(this.server, (request) => {
      const exchange = exchangeOfRequest(request)
      if (exchange !== undefined) this.gate?.answer(exchange)
    })
    return this.#stage
  }

  /** Takes from a gate's policy what concerns the whole server. */
  heed(policy: Policy | undefined): void {
    if (policy?.normalizeClientErrors !== true) return
    this.linger = policy.linger
    this.errorFormat = policy.format
    watchStarts()
  }

  /** `server.close()` calls this one too: lingering connections must not hold it up. */
  #guardClose(): () => void {
    const { server } = this
    const plain = server.closeIdleConnections
    if (plain === undefined) return () => undefined
    server.closeIdleConnections = () => {
      this.#toldToClose = true
      this.lingers.hurryAll()
      plain.call(server)
    }
    return () => Reflect.deleteProperty(server, 'closeIdleConnections')
  }

  detach(): void {
    for (const undo of this.#undo) undo()
    const carrier: Carrier = this.server
    Reflect.deleteProperty(carrier, ATTACHMENT)
  }
}
