// The gate of a bare server, where no framework mounts one: it decides before any listener runs, and
// answers its refusals by itself. Law: tracing sees a refused request too. It wraps `emit`, so the
// refusal is written by the only `request` listener of a view of the server, and the application's own
// listeners are kept out. One view for each server: deriving an object from the server costs more than
// the rest of a refusal.

import { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describeError } from '../../refusal/error-facts.js'
import { isRefusal } from '../../refusal/refusal.js'
import { tellLimits } from '../answer/limits.js'
import { writeError } from '../answer/write-error.js'
import type { Exchange } from '../exchange/exchange.js'
import { exchangeOfRequest } from '../exchange/find-exchange.js'
import type { Gate } from '../gate/gate.js'
import { PendingVerdict, type Verdict } from '../gate/verdict.js'
import type { AttachableServer } from './server-context.js'

type Emit = EventEmitter['emit']

export class BareGate {
  readonly #gate: Gate
  readonly #emit: Emit
  readonly #view: EventEmitter
  /** Errors that the listener of the view is about to answer. */
  readonly #errors = new WeakMap<Exchange, unknown>()

  /** @param emit - The server's own way to emit. */
  constructor(gate: Gate, server: AttachableServer, emit: Emit) {
    this.#gate = gate
    this.#emit = emit
    const view: AttachableServer = Object.create(server)
    Reflect.apply(EventEmitter, view, [])
    this.#view = EventEmitter.prototype.on.call(view, 'request', (request: IncomingMessage) => {
      const exchange = exchangeOfRequest(request)
      if (exchange !== undefined) this.#answer(exchange)
    })
  }

  get policy(): Gate['policy'] {
    return this.#gate.policy
  }

  /** A request that there is nothing to decide about. */
  passes(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'OPTIONS') tellLimits(response, this.policy, undefined, undefined)
  }

  /** @param pass - Hands the request on to the application. */
  decide(exchange: Exchange, pass: () => void): void {
    try {
      const { request, response } = exchange
      const verdict = this.#gate.judge(request, response, request)
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
    // A refusal was made to be shown, whatever its status; anything else is a fault of the server.
    if (facts.status >= 500 && !isRefusal(error)) console.error(error)
    writeError(exchange.response, exchange.head, facts, this.policy.format)
  }
}
