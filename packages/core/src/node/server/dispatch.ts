// Whether, when and to whom a request is dispatched. Laws:
// - what a client sends behind a refusal is never dispatched (R27)
// - what it pipelines behind an open exchange waits until that one is settled (R29)
// - on a bare server the gate decides before any listener runs

import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AttachableServer } from './attachment-types.js'
import { publishDropped } from './channels.js'
import { type Exchange, exchangeOfRequest } from './exchange.js'
import { Connection } from './http1/connection.js'
import type { LingerHost } from './http1/linger.js'
import { openExchange } from './open-exchange.js'
import { concernsUs } from './request-head.js'
import { PendingVerdict, type Verdict, type VerdictListener } from './verdict.js'

export type Emit = EventEmitter['emit']

/** Decides on a bare server, where no framework does. */
export interface BareGate {
  judge(exchange: Exchange): Verdict | PendingVerdict
  /** Answers an exchange with its failure. */
  answer(exchange: Exchange): void
}

export interface AdmittingServer extends LingerHost {
  readonly server: AttachableServer
  /** The server's own way to emit. */
  readonly emit: Emit
  /** `undefined`: a mounted gate decides. */
  readonly gate: BareGate | undefined
  /** Where the gate answers. */
  readonly stage: EventEmitter
}

/** @returns What `emit` returns: whether somebody takes care of it. */
export function admit(
  host: AdmittingServer,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  // Emitted again by somebody who had it already, such as a `checkContinue` listener.
  if (exchangeOfRequest(request) !== undefined) {
    return proceed(host, name, request, response)
  }
  const connection = request.httpVersionMajor === 2 ? undefined : Connection.find(request.socket)
  if (connection?.closing === true) {
    publishDropped(request)
    return true
  }
  if (connection?.exchange !== undefined) {
    connection.hold(new Arrival(host, name, request, response))
    return true
  }
  return dispatch(host, name, request, response)
}

/** Lets a request through to the server's listeners. */
function proceed(
  host: AdmittingServer,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  return host.emit.call(host.server, name, request, response)
}

/** A request with neither content nor an expectation is not ours. */
function dispatch(
  host: AdmittingServer,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (!concernsUs(request)) return proceed(host, name, request, response)
  const exchange = openExchange(host, request, response)
  if (host.gate === undefined) return proceed(host, name, request, response)
  try {
    const verdict = host.gate.judge(exchange)
    if (verdict === 'pass') return proceed(host, name, request, response)
    if (verdict instanceof PendingVerdict) {
      verdict.whenKnown(new Arrival(host, name, request, response))
    } else if (verdict !== 'gone') {
      answer(host, exchange, verdict)
    }
  } catch (error) {
    answer(host, exchange, error)
  }
  return true
}

/** With an error, as the request's only listener, so that tracing sees the request. */
function answer(host: AdmittingServer, exchange: Exchange, error: unknown): void {
  exchange.failure = error
  host.emit.call(host.stage, 'request', exchange.request, exchange.response)
}

/** A request that Node has emitted, and that has to wait. */
class Arrival implements VerdictListener {
  constructor(
    private readonly host: AdmittingServer,
    private readonly name: string,
    readonly request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {}

  /** For one that was held. */
  dispatch(): void {
    dispatch(this.host, this.name, this.request, this.response)
  }

  known(verdict: Verdict): void {
    const { host, name, request, response } = this
    if (verdict === 'pass') proceed(host, name, request, response)
    else if (verdict !== 'gone') this.failed(verdict)
  }

  failed(error: Error): void {
    const exchange = exchangeOfRequest(this.request)
    if (exchange !== undefined) answer(this.host, exchange, error)
  }
}
