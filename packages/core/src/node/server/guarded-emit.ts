// The events of an attached server, on their way to its listeners. Laws:
// - every request leaves by the outermost `emit('request')`, so that whoever wrapped `emit` sees it
// - whoever keeps an event from the listeners owns its socket from then on
//
// Why `emit` and not a listener: a listener cannot keep the others from running, and Node's parser
// dispatches the requests of one segment no matter what was answered. Tracing wraps `emit` too.

import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Format } from '../../refusal/body.js'
import { warnOnce } from '../advice/warn-once.js'
import { Connection } from '../connection/connection.js'
import { exchangeOfRequest } from '../exchange/find-exchange.js'
import type { AttachableServer } from '../exchange/server-context.js'
import {
  answerAsNode,
  answerClientError,
  answerDropped,
  isBehindRequest,
  isParseError,
} from './client-error.js'
import { type DispatchingServer, dispatch, handOnBehindHeld } from './dispatch.js'
import { continueBeforeUpgrade, takeUpgradeBehindClose } from './upgrade.js'

type Emit = EventEmitter['emit']

export interface EventfulServer extends DispatchingServer {
  readonly server: AttachableServer
  /** The server's own way to emit. */
  readonly emit: Emit
  /** Shape of errors made below the framework; `undefined` leaves them to Node. */
  readonly errorFormat: Format | undefined
  /** Tells a framework's own `clientError` listener from one of the application. */
  ownListener(listener: { readonly name: string }): boolean
}

/** @returns How to undo it. */
export function guardEvents(host: EventfulServer): () => void {
  const { server } = host
  // Node emits these two only if they have a listener, and answers itself otherwise. These make it emit;
  // our `emit` takes the event.
  const negotiating = NEGOTIATING.map((name) => {
    const listener = negotiate(host, name)
    server.on(name, listener)
    return { name, listener }
  })
  const own = ownEmit(server)
  let undone = false
  const intercepted: Emit = (...event) =>
    undone ? host.emit.apply(server, event) : intercept(host, event)
  // Nearly all events are requests: no list is made for one.
  const guarded: Emit = function emit(name, request?: IncomingMessage, response?: ServerResponse) {
    if (!undone && request !== undefined && response !== undefined) {
      if (name === 'request') return dispatch(host, name, request, response)
      if (name === 'checkContinue' || name === 'checkExpectation') {
        return negotiated(host, name, request, response)
      }
    }
    // biome-ignore lint/complexity/noArguments: a rest parameter is a list for each request.
    return Reflect.apply(intercepted, server, arguments)
  }
  server.emit = guarded
  return () => {
    // Who has wrapped ours calls it still.
    undone = true
    for (const { name, listener } of negotiating) server.off(name, listener)
    if (server.emit !== guarded) return
    if (own === undefined) Reflect.deleteProperty(server, 'emit')
    else server.emit = own
  }
}

/** Finds how a server emits that is not guarded, also when its prototype is wrapped later. */
export function originalEmit(server: AttachableServer): () => Emit {
  const own = ownEmit(server)
  const prototype: EventEmitter = Object.getPrototypeOf(server)
  return () => own ?? prototype.emit
}

function ownEmit(server: AttachableServer): Emit | undefined {
  return Object.hasOwn(server, 'emit') ? server.emit : undefined
}

const NEGOTIATING = ['checkContinue', 'checkExpectation'] as const

/**
 * Called with a request that nobody has seen when `emit` is no longer ours: who wrapped it before has put his
 * own back. Nobody else would dispatch it.
 */
function negotiate(host: EventfulServer, name: (typeof NEGOTIATING)[number]) {
  return function negotiate(
    this: EventEmitter | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    if (this !== undefined && this !== host.server) {
      answerElsewhere(this, name, request, response)
      return
    }
    if (exchangeOfRequest(request) !== undefined || host.server.listenerCount(name) > 1) return
    dispatch(host, 'request', request, response)
  }
}

/**
 * A server that only accepts connections and shares them out (httpolyglot) has given our listener to the servers that
 * it keeps for HTTP: their requests do not come to it, and it is as if nobody had listened.
 */
function answerElsewhere(
  server: EventEmitter,
  name: (typeof NEGOTIATING)[number],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (name === 'checkExpectation') {
    response.writeHead(417)
    response.end()
    return
  }
  response.writeContinue()
  server.emit('request', request, response)
}

/** Node tells of an expectation. @returns Whether somebody takes care of it. */
function negotiated(
  host: EventfulServer,
  name: (typeof NEGOTIATING)[number],
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { server } = host
  // An application that negotiates by itself gets the event, and our guards.
  if (server.listenerCount(name) > 1) {
    if (host.gate === undefined)
      warnOnce('EXPECTATION_WRN_FOREIGN_CHECK_CONTINUE', FOREIGN_LISTENER)
    return dispatch(host, name, request, response)
  }
  return exchangeOfRequest(request) === undefined
    ? server.emit('request', request, response)
    : dispatch(host, 'request', request, response)
}

/** @returns Whether somebody takes care of it. */
function intercept(host: EventfulServer, event: Parameters<Emit>): boolean {
  const { server, errorFormat } = host
  const [name, first, second] = event
  switch (name) {
    case 'clientError': {
      const again = (): void => {
        if (!server.emit('clientError', first, second)) answerAsNode(first, second)
      }
      if (handOnBehindHeld(second, second, isParseError(first), again)) return true
      if (Connection.find(second)?.pipeline?.waitsForEnd(again) === true) return true
      const tell = (): boolean =>
        (errorFormat !== undefined &&
          server.listeners(name).every((listener) => host.ownListener(listener)) &&
          answerClientError(first, second, host, errorFormat)) ||
        host.emit.apply(server, event)
      const late = (): void => {
        if (!tell()) answerAsNode(first, second)
      }
      return isBehindRequest(first, second, late) || tell()
    }
    case 'dropRequest':
      if (errorFormat !== undefined) answerDropped(first, errorFormat)
      break
    case 'upgrade':
    case 'connect':
      // Node 26 hands on a stream of its own where the handshake has content: the socket is the request's.
      if (handOnBehindHeld(first.socket, second, false, () => intercept(host, event))) return true
      if (Connection.find(first.socket)?.closing === true)
        return takeUpgradeBehindClose(first.socket)
      if (name === 'upgrade') continueBeforeUpgrade(first, second)
      break
  }
  return host.emit.apply(server, event)
}

const FOREIGN_LISTENER =
  'The server has a checkContinue or checkExpectation listener of its own: it answers expectations ' +
  'instead of the gate, before any middleware has run. Remove it.'
