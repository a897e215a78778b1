// Whether, when and to whom a request is dispatched. Laws:
// - what a client sends behind a refusal is never dispatched (R27)
// - what it pipelines behind an open exchange waits until that one is settled (R29)
// - on a bare server the gate decides before any listener runs

import { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AttachableServer } from './attachment-types.js'
import { publishDropped } from './channels.js'
import { type Exchange, exchangeOf } from './exchange.js'
import { Connection } from './http1/connection.js'
import type { LingerHost } from './http1/linger.js'
import { openExchange } from './open-exchange.js'

export type Emit = EventEmitter['emit']

/** What a bare server's gate may do with an exchange: let it through, or answer it. */
export interface BareEntry {
  readonly exchange: Exchange
  readonly proceed: () => void
  /** Runs `answer` as the request's only listener, so that tracing sees the request. */
  readonly answerInside: (answer: () => void) => void
}

/** Decides on a bare server, where no framework does. */
export type BareGate = (entry: BareEntry) => void

export interface AdmittingServer extends LingerHost {
  readonly server: AttachableServer
  /** `undefined`: a mounted gate decides. */
  readonly gate: BareGate | undefined
}

/** A request that Node has emitted as `name`, and the server's own way to emit it. */
export interface Arrival {
  readonly name: string
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly emit: Emit
}

/** @returns What `emit` returns: whether somebody takes care of it. */
export function admit(host: AdmittingServer, arrival: Arrival): boolean {
  const { name, request, response, emit } = arrival
  // Emitted again by somebody who had it already, such as a `checkContinue` listener.
  if (exchangeOf(request) !== undefined) return emit.call(host.server, name, request, response)
  const connection = request.httpVersionMajor === 2 ? undefined : Connection.find(request.socket)
  if (connection?.closing === true) {
    publishDropped(request)
    return true
  }
  if (connection?.exchange !== undefined) {
    connection.hold({ request, dispatch: () => dispatch(host, arrival) })
    return true
  }
  return dispatch(host, arrival)
}

function dispatch(host: AdmittingServer, arrival: Arrival): boolean {
  const { server, gate } = host
  const { name, request, response, emit } = arrival
  const exchange = openExchange(host, request, response)
  if (exchange === undefined || gate === undefined) {
    return emit.call(server, name, request, response)
  }
  gate({
    exchange,
    proceed: () => emit.call(server, name, request, response),
    answerInside: (answer) => emit.call(stageFor(server, answer), name, request, response),
  })
  return true
}

/**
 * A view of the server whose only `request` listener is `answer`. Emitting on it shows a request of
 * this server to tracing, which wraps `emit`, and keeps the application's own listeners out.
 */
function stageFor(server: AttachableServer, answer: () => void): EventEmitter {
  const stage: AttachableServer = Object.create(server)
  Reflect.apply(EventEmitter, stage, [])
  return EventEmitter.prototype.on.call(stage, 'request', answer)
}
