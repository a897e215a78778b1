// The events of an attached server, on their way to its listeners.
//
// Why `emit` and not a listener: a listener cannot keep the others from running, and Node's parser
// dispatches the requests of one chunk no matter what was answered. Tracing wraps `emit` too.

import type { EventEmitter } from 'node:events'
import type { Format } from '../refusal/body.js'
import { type AdmittingServer, admit, type Emit } from './admission.js'
import { warnOnce } from './advice/warn-once.js'
import type { AttachableServer } from './attachment-types.js'
import { answerClientError, answerDropped, isBehindRequest } from './http1/client-error.js'
import { Connection } from './http1/connection.js'
import { continueBeforeUpgrade } from './http1/upgrade.js'

export interface EventfulServer extends AdmittingServer {
  /** Shape of errors made below the framework; `undefined` leaves them to Node. */
  readonly errorFormat: Format | undefined
}

/** @returns How to undo it. */
export function guardEvents(host: EventfulServer): () => void {
  const { server } = host
  // Node asks for the number of listeners before it emits; these two only make it ask us.
  server.on('checkContinue', negotiate)
  server.on('checkExpectation', negotiate)
  const own = ownEmit(server)
  const guarded: Emit = (...event) => pass(host, event)
  server.emit = guarded
  return () => {
    server.off('checkContinue', negotiate)
    server.off('checkExpectation', negotiate)
    if (server.emit !== guarded) return
    if (own === undefined) Reflect.deleteProperty(server, 'emit')
    else server.emit = own
  }
}

/** How a server emits that is not guarded, also when its prototype is wrapped later. */
export function plainEmit(server: AttachableServer): Emit {
  const own = ownEmit(server)
  const prototype: EventEmitter = Object.getPrototypeOf(server)
  return function emit(this: EventEmitter, ...event) {
    return (own ?? prototype.emit).apply(this, event)
  }
}

function ownEmit(server: AttachableServer): Emit | undefined {
  return Object.hasOwn(server, 'emit') ? server.emit : undefined
}

function negotiate(): void {}

function pass(host: EventfulServer, event: Parameters<Emit>): boolean {
  const { server, errorFormat } = host
  const [name, first, second] = event
  switch (name) {
    case 'request':
      return admit(host, name, first, second)
    case 'checkContinue':
    case 'checkExpectation': {
      // An application that negotiates by itself gets the event, and our guards.
      const foreign = server.listenerCount(name) > 1
      if (foreign) warnOnce('EXPECTATION_WRN_FOREIGN_CHECK_CONTINUE', FOREIGN_LISTENER)
      return admit(host, foreign ? name : 'request', first, second)
    }
    case 'clientError':
      if (isBehindRequest(first, second)) return true
      if (errorFormat !== undefined && !server.listeners(name).some(isApplications)) {
        if (answerClientError(first, second, host, errorFormat)) return true
      }
      break
    case 'dropRequest':
      if (errorFormat !== undefined) answerDropped(first, errorFormat)
      break
    case 'upgrade':
    case 'connect':
      if (Connection.find(second)?.closing === true) return true
      if (name === 'upgrade') continueBeforeUpgrade(first, second)
      break
  }
  return host.emit.apply(server, event)
}

/** Fastify always listens for client errors; its own listener has this name. */
function isApplications(listener: { readonly name: string }): boolean {
  return listener.name !== 'bound defaultClientErrorHandler'
}

const FOREIGN_LISTENER =
  'The server has a checkContinue or checkExpectation listener of its own: it answers expectations ' +
  'instead of the gate, before any middleware has run. Remove it.'
