// Whether, when and to whom a request is dispatched. Laws:
// - what a client sends behind a close is never dispatched (R27)
// - a request whose content may stand right behind its head waits until that is known, and a few behind
//   an open exchange wait for its end; the order on the connection holds (R29)
// - on a bare server the gate decides before any listener runs

import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Policy } from '../../policy/policy.js'
import { Connection } from '../connection/connection.js'
import type { HeldRequest } from '../connection/held-requests.js'
import { KeptContent } from '../connection/kept-content.js'
import { readWhole } from '../connection/read-whole.js'
import { endsWithHead } from '../connection/segment.js'
import { guardedConnection } from '../delivery/http1.js'
import type { Exchange } from '../exchange/exchange.js'
import { exchangeOfRequest } from '../exchange/find-exchange.js'
import { concernsUs, isStreamRequest, waitsForSegment } from '../exchange/request-head.js'
import type { ServerContext } from '../exchange/server-context.js'
import { currentContext } from '../observe/async-context.js'
import { setImmediate } from '../timers.js'
import { openExchange } from './open-exchange.js'

/**
 * Node's fields for its server, for its parser with the request that was read last, and for the response in
 * progress, which knows whether it says close and whether its head is out.
 */
export type HttpSocket = Socket & {
  readonly server?: EventEmitter
  readonly parser?: { readonly incoming?: IncomingMessage | null } | null
  readonly _httpMessage?: (ServerResponse & { readonly _last?: boolean }) | null
}

/** The gate of a bare server: it decides before any listener runs. */
export interface DecidingGate {
  /** The server's own. */
  readonly policy: Policy
  /** A request that there is nothing to decide about. */
  passes(request: IncomingMessage, response: ServerResponse): void
  /**
   * @param name - The event that the application's listeners get.
   * @returns Whether it passes now. Later, or for a refusal, the gate emits by itself.
   */
  decide(exchange: Exchange, name: string): boolean
}

export interface DispatchingServer extends ServerContext {
  /** `undefined`: a mounted gate decides. */
  readonly gate: DecidingGate | undefined
  /** Emits as the server would if it were not attached. */
  emitBelow(name: string, request: IncomingMessage, response: ServerResponse): boolean
}

/** @returns What `emit` returns: whether somebody takes care of it. */
export function dispatch(
  server: DispatchingServer,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  // Emitted again by somebody who had it already, such as a `checkContinue` listener.
  if (exchangeOfRequest(request) !== undefined) return server.emitBelow(name, request, response)
  if (isStreamRequest(request)) {
    return concernsUs(request)
      ? open(server, name, request, response)
      : pass(server, name, request, response)
  }
  // Emitted by hand, as tests and serverless adapters do: there is no connection to look after.
  if (!isConnected(request)) return server.emitBelow(name, request, response)
  const connection = Connection.find(request.socket)
  const behindClose = connection?.closing === true || isBehindClose(request, response)
  const keepsBack = connection?.keepsBack === true
  // Nearly all requests of most servers.
  if (!behindClose && !keepsBack && !concernsUs(request)) {
    return pass(server, name, request, response)
  }
  if (connection === undefined && !Object.isExtensible(request.socket)) {
    return server.emitBelow(name, request, response)
  }
  if (behindClose) return dropped(server, request)
  const waits = waitsForSegment(request) && !endsWithHead(request.socket)
  if (waits || keepsBack) {
    const held = new Held(server, name, request, response, waits)
    guardedConnection(request.socket, server).hold(held)
    return true
  }
  return open(server, name, request, response)
}

type StandIn = Partial<Socket> & { readonly server?: EventEmitter | null }

/**
 * What stands in for a socket may be an object with an address, an emitter that carries nothing, or a socket that no
 * server has accepted, which says `null`.
 */
function isConnected({ socket }: { readonly socket?: StandIn | null }): boolean {
  return (
    socket?.server !== null &&
    typeof socket?.write === 'function' &&
    typeof socket.prependListener === 'function'
  )
}

/**
 * Something has come that belongs behind requests that wait: they are dispatched, and then it is handed on. Node's
 * parser would have run their promises before: what answers at once has answered by then.
 *
 * @param handed - What listeners get of it: the socket, or a stream over it.
 * @param garbage - It cannot be parsed.
 * @returns Whether there were any.
 */
export function handOnBehindHeld(
  socket: HttpSocket,
  handed: Duplex,
  garbage: boolean,
  handOn: () => void,
): boolean {
  const connection = Connection.find(socket)
  if (connection?.held === undefined) return false
  const isFirst = connection.held.flush({
    beforeLast: () => {
      if (garbage && !answersByItself(socket, connection.held?.last)) connection.closeBehind()
    },
    afterLast: () =>
      setImmediate(() => {
        handed.off('error', ignore)
        if (!handed.destroyed) handOn()
      }),
  })
  // Behind a handshake Node has taken its own listeners away, and an error nobody hears ends the process.
  if (isFirst) handed.on('error', ignore)
  return true
}

/** Node has read a request behind the last one that it handed on, and answers it: one without `Host`. */
function answersByItself({ parser }: HttpSocket, last: IncomingMessage | undefined): boolean {
  return parser?.incoming != null && parser.incoming !== last
}

function ignore(): void {}

/** A request with neither content nor an expectation is not ours. */
function pass(
  server: DispatchingServer,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  server.gate?.passes(request, response)
  return server.emitBelow(name, request, response)
}

/** @param kept - Content bytes that are here, and not in its stream yet. */
function open(
  server: DispatchingServer,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  kept = 0,
): boolean {
  const { gate } = server
  const exchange = openExchange(server, request, response)
  if (kept > 0) exchange.contentReceived(kept)
  if (gate !== undefined && !gate.decide(exchange, name)) return true
  return server.emitBelow(name, request, response)
}

/**
 * A response that says close is under way, or out. It may be one that we have not seen: of a request without
 * content, or Node's own answer to one without `Host`.
 */
function isBehindClose(request: IncomingMessage, response: ServerResponse): boolean {
  const socket: HttpSocket = request.socket
  return socket.writableEnded || (response.socket === null && socket._httpMessage?._last === true)
}

/** @returns That somebody takes care of it. */
function dropped(server: ServerContext, request: IncomingMessage): true {
  const connection = guardedConnection(request.socket, server)
  connection.close()
  connection.drop(request)
  return true
}

class Held implements HeldRequest {
  /** It is dispatched when something of another request is over. */
  readonly #context = currentContext()
  readonly #content: KeptContent

  constructor(
    private readonly server: DispatchingServer,
    private readonly name: string,
    readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    readonly waitsForSegment: boolean,
  ) {
    this.#content = new KeptContent(request, this.#context)
  }

  dispatch(): void {
    const { server, name, request, response } = this
    const content = this.#content
    content.dispatching()
    const connection = Connection.find(request.socket)
    // When it came, the response before it had not been said to be the last.
    if (isBehindClose(request, response)) {
      dropped(server, request)
      return
    }
    // What stands behind it cannot be parsed: its answer has to say close, whatever it is.
    const isLast = connection?.behind === true
    if (request.complete && !Object.hasOwn(request, '_read')) request._read = readWhole
    const kept = content.bytes
    // Before the listener: what it does in the next turn comes behind all content, as in Node.
    connection?.pipeline?.handOnLater(content)
    this.#context(() =>
      isLast || concernsUs(request)
        ? open(server, name, request, response, kept)
        : pass(server, name, request, response),
    )
    content.dispatched()
  }
}
