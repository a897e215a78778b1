// The gate of a bare server, where no framework mounts one: it decides before any listener runs, and
// answers its refusals by itself. Law: tracing sees a refused request too. It wraps `emit`, so the
// refusal is written by the only `request` listener of a view of the server, and the application's own
// listeners are kept out. One view for each server: deriving an object from the server costs more than
// the rest of a refusal.

import { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestHead } from '../../head/request-head.js'
import { describeError } from '../../refusal/error-facts.js'
import { isPlanned } from '../../refusal/refusal.js'
import { isAnsweredAlready } from '../answer/break-off.js'
import { tellLimits } from '../answer/limits.js'
import { writeError } from '../answer/write-error.js'
import type { Exchange } from '../exchange/exchange.js'
import { exchangeOfRequest } from '../exchange/find-exchange.js'
import { readRequestHead } from '../exchange/request-head.js'
import type { AttachableServer } from '../exchange/server-context.js'
import { callUserCode } from '../observe/user-code.js'
import type { DecidingGate } from '../server/dispatch.js'
import type { Gate } from './gate.js'
import { type Messages, PendingVerdict, type Verdict, type VerdictListener } from './verdict.js'

export interface BareGateOptions {
  /** The server's own first, then one for each of its policies. */
  readonly gates: readonly [Gate<IncomingMessage>, ...Gate<IncomingMessage>[]]
  /** The place of the gate that decides about a request. */
  readonly pick: (head: RequestHead) => number
  /** Fields of the gate's own answers. */
  readonly headersOf: (head: RequestHead) => Readonly<Record<string, string>>
}

export class BareGate implements DecidingGate {
  readonly #options: BareGateOptions
  readonly #server: AttachableServer
  readonly #emit: EventEmitter['emit']
  readonly #view: EventEmitter
  /**
   * What a check threw, which the listener of the view is about to answer. Refusals are not here: a
   * weak map that changes all the time keeps exchanges through V8's scavenges.
   */
  readonly #thrown = new WeakMap<IncomingMessage, unknown>()
  /** One for all requests of an event: thousands may wait. */
  readonly #listeners = new Map<string, VerdictListener>()

  /** @param emit - The server's own way to emit. */
  constructor(options: BareGateOptions, server: AttachableServer, emit: EventEmitter['emit']) {
    this.#options = options
    this.#server = server
    this.#emit = emit
    const view: AttachableServer = Object.create(server)
    Reflect.apply(EventEmitter, view, [])
    this.#view = EventEmitter.prototype.on.call(view, 'request', (request: IncomingMessage) => {
      const exchange = exchangeOfRequest(request)
      if (exchange !== undefined) this.#answer(exchange)
    })
  }

  get policy(): Gate['policy'] {
    return this.#options.gates[0].policy
  }

  #gateFor(head: RequestHead): Gate<IncomingMessage> {
    const { gates, pick } = this.#options
    return gates[pick(head)] ?? gates[0]
  }

  passes(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'OPTIONS') return
    tellLimits(response, this.#gateFor(readRequestHead(request)).policy, undefined, undefined)
  }

  decide(exchange: Exchange, name: string): boolean {
    try {
      const { request, response } = exchange
      const verdict = this.#gateFor(exchange.head).judge(request, response, request)
      if (verdict === 'pass') return true
      if (verdict instanceof PendingVerdict) verdict.whenKnown(this.#listenerFor(name))
      else this.known(name, verdict, exchange)
    } catch (error) {
      this.failed(error, exchange)
    }
    return false
  }

  known(name: string, verdict: Verdict, { request, response }: Messages): void {
    if (verdict === 'pass') this.#emit.call(this.#server, name, request, response)
    else if (verdict !== 'gone') this.#emit.call(this.#view, 'request', request, response)
  }

  failed(error: unknown, { request, response }: Messages): void {
    this.#thrown.set(request, error)
    this.#emit.call(this.#view, 'request', request, response)
  }

  #listenerFor(name: string): VerdictListener {
    const known = this.#listeners.get(name)
    if (known !== undefined) return known
    const listener: VerdictListener = {
      known: (verdict, about) => this.known(name, verdict, about),
      failed: (error, about) => this.failed(error, about),
    }
    this.#listeners.set(name, listener)
    return listener
  }

  #answer(exchange: Exchange): void {
    if (isAnsweredAlready(exchange.response)) return
    const { decision } = exchange
    const error =
      decision?.kind === 'refuse' ? decision.refusal : this.#thrown.get(exchange.request)
    const facts = describeError(error)
    // A refusal on purpose is no fault of the server, whatever its status.
    if (facts.status >= 500 && !isPlanned(error)) {
      callUserCode('console.error', () => console.error(error), console)
    }
    const { response, head, policy } = exchange
    for (const [name, value] of Object.entries(this.#options.headersOf(head))) {
      response.setHeader(name, value)
    }
    writeError(response, head, facts, policy.format)
  }
}
