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
import { tellLimits } from '../answer/limits.js'
import { writeError } from '../answer/write-error.js'
import type { Exchange } from '../exchange/exchange.js'
import { exchangeOfRequest } from '../exchange/find-exchange.js'
import { readRequestHead } from '../exchange/request-head.js'
import type { Gate } from '../gate/gate.js'
import { PendingVerdict, type Verdict } from '../gate/verdict.js'
import type { AttachableServer } from './server-context.js'

type Emit = EventEmitter['emit']

export interface BareGateOptions {
  /** The server's own first, then one for each of its policies. */
  readonly gates: readonly [Gate<IncomingMessage>, ...Gate<IncomingMessage>[]]
  /** The place of the gate that decides about a request. */
  readonly pick: (head: RequestHead) => number
  /** Fields of the gate's own answers. */
  readonly headersOf: (head: RequestHead) => Readonly<Record<string, string>>
}

export class BareGate {
  readonly #options: BareGateOptions
  readonly #emit: Emit
  readonly #view: EventEmitter
  /** Errors that the listener of the view is about to answer. */
  readonly #errors = new WeakMap<Exchange, unknown>()

  /** @param emit - The server's own way to emit. */
  constructor(options: BareGateOptions, server: AttachableServer, emit: Emit) {
    this.#options = options
    this.#emit = emit
    const view: AttachableServer = Object.create(server)
    Reflect.apply(EventEmitter, view, [])
    this.#view = EventEmitter.prototype.on.call(view, 'request', (request: IncomingMessage) => {
      const exchange = exchangeOfRequest(request)
      if (exchange !== undefined) this.#answer(exchange)
    })
  }

  /** The server's own. */
  get policy(): Gate['policy'] {
    return this.#options.gates[0].policy
  }

  #gateFor(head: RequestHead): Gate<IncomingMessage> {
    const { gates, pick } = this.#options
    return gates[pick(head)] ?? gates[0]
  }

  /** A request that there is nothing to decide about. */
  passes(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'OPTIONS') return
    tellLimits(response, this.#gateFor(readRequestHead(request)).policy, undefined, undefined)
  }

  /** @param pass - Hands the request on to the application. */
  decide(exchange: Exchange, pass: () => void): void {
    try {
      const { request, response } = exchange
      const verdict = this.#gateFor(exchange.head).judge(request, response, request)
      if (verdict instanceof PendingVerdict) {
        verdict.whenKnown({
          known: (late) => this.#conclude(exchange, late, pass),
          failed: (error) => this.#fail(exchange, error),
        })
        return
      }
      if (verdict !== 'pass') {
        this.#conclude(exchange, verdict, pass)
        return
      }
    } catch (error) {
      this.#fail(exchange, error)
      return
    }
    pass()
  }

  #conclude(exchange: Exchange, verdict: Verdict, pass: () => void): void {
    if (verdict === 'pass') pass()
    else if (verdict !== 'gone') this.#fail(exchange, verdict)
  }

  #fail(exchange: Exchange, error: unknown): void {
    this.#errors.set(exchange, error)
    this.#emit.call(this.#view, 'request', exchange.request, exchange.response)
  }

  #answer(exchange: Exchange): void {
    const error = this.#errors.get(exchange)
    const facts = describeError(error)
    // A refusal on purpose is no fault of the server, whatever its status.
    if (facts.status >= 500 && !isPlanned(error)) console.error(error)
    const { response, head, policy } = exchange
    for (const [name, value] of Object.entries(this.#options.headersOf(head))) {
      response.setHeader(name, value)
    }
    writeError(response, head, facts, policy.format)
  }
}
