// One server, tied. Laws:
// - an attached server answers no expectation by itself: every request, whatever it expects, goes to
//   the application's `request` listeners, where tracing and the framework see it (law 7)
// - what a client sends after a refusal is never dispatched (R27)
//
// Why `emit` and not a listener: a listener cannot keep the others from running, and Node's parser
// dispatches requests of one chunk no matter what was answered. Tracing wraps `emit` too.

import { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Policy } from '../policy/policy.js'
import type { Format } from '../refusal/body.js'
import { warnOnce } from './advice/warn-once.js'
import type { AttachableServer } from './attachment-types.js'
import { publishDropped } from './channels.js'
import type { Exchange } from './exchange.js'
import { answerClientError, answerDropped } from './http1/client-error.js'
import { Connection } from './http1/connection.js'
import type { Linger } from './http1/linger.js'
import { watchStarts } from './http1/request-starts.js'
import { openExchange } from './open-exchange.js'

const ATTACHMENT = Symbol.for('@expectation/core.attachment')

type Carrier = AttachableServer & { [ATTACHMENT]?: Attachment }

type Emit = EventEmitter['emit']

/** What a bare server's gate may do with an exchange: let it through, or answer it. */
export interface BareEntry {
  readonly exchange: Exchange
  readonly proceed: () => void
  /** Runs `answer` as the request's only listener, so that tracing sees the request. */
  readonly answerInside: (answer: () => void) => void
}

/** Decides on a bare server, where no framework does. */
export type BareGate = (entry: BareEntry) => void

export class Attachment {
  readonly lingers = new Set<Linger>()
  /** Shape of errors made below the framework; `undefined` leaves them to Node. */
  errorFormat: Format | undefined
  readonly #undo: (() => void)[] = []

  constructor(
    readonly server: AttachableServer,
    /** `undefined`: a mounted gate decides. */
    public gate: BareGate | undefined,
  ) {
    const carrier: Carrier = server
    carrier[ATTACHMENT] = this
    this.#guardEmit()
    this.#guardClose()
  }

  static find(server: object | undefined): Attachment | undefined {
    return (server as Carrier | undefined)?.[ATTACHMENT]
  }

  /** Takes from a gate's policy what concerns the whole server. */
  heed(policy: Policy | undefined): void {
    if (policy?.normalizeClientErrors !== true) return
    this.errorFormat = policy.format
    watchStarts()
  }

  #guardEmit(): void {
    const { server } = this
    // Node asks for the number of listeners before it emits; these two only make it ask us.
    server.on('checkContinue', negotiate)
    server.on('checkExpectation', negotiate)
    const own = Object.hasOwn(server, 'emit') ? server.emit : undefined
    const inner: Emit = function inner(this: EventEmitter, ...event) {
      return (own ?? Object.getPrototypeOf(server).emit).apply(this, event)
    }
    const guarded: Emit = (...event) => this.#emit(inner, event)
    server.emit = guarded
    this.#undo.push(() => {
      server.off('checkContinue', negotiate)
      server.off('checkExpectation', negotiate)
      if (server.emit !== guarded) return
      if (own === undefined) Reflect.deleteProperty(server, 'emit')
      else server.emit = own
    })
  }

  /** `server.close()` calls this one too: lingering connections must not hold it up. */
  #guardClose(): void {
    const { server } = this
    const plain = server.closeIdleConnections
    if (plain === undefined) return
    server.closeIdleConnections = () => {
      for (const linger of this.lingers) linger.hurry()
      plain.call(server)
    }
    this.#undo.push(() => Reflect.deleteProperty(server, 'closeIdleConnections'))
  }

  detach(): void {
    for (const undo of this.#undo.splice(0)) undo()
    const carrier: Carrier = this.server
    Reflect.deleteProperty(carrier, ATTACHMENT)
  }

  #emit(inner: Emit, event: Parameters<Emit>): boolean {
    const [name, first, second] = event
    switch (name) {
      case 'checkContinue':
      case 'checkExpectation':
        // The application negotiates by itself: it gets the event, and our guards.
        if (this.server.listenerCount(name) > 1) {
          warnOnce('EXPECTATION_WRN_FOREIGN_CHECK_CONTINUE', FOREIGN_LISTENER)
          return this.#admit(inner, name, first, second)
        }
        return this.#admit(inner, 'request', first, second)
      case 'request':
        return this.#admit(inner, name, first, second)
      case 'clientError':
        return this.#clientError(first, second) || inner.apply(this.server, event)
      case 'dropRequest':
        if (this.errorFormat !== undefined) answerDropped(first, this.errorFormat)
        return inner.apply(this.server, event)
      case 'upgrade':
      case 'connect':
        return Connection.find(second)?.closing === true || inner.apply(this.server, event)
      default:
        return inner.apply(this.server, event)
    }
  }

  #clientError(error: NodeJS.ErrnoException, socket: Socket): boolean {
    if (brokenAfterRequest(error, socket)) return true
    if (this.errorFormat === undefined || this.server.listenerCount('clientError') > 0) return false
    return answerClientError(error, socket, this, this.errorFormat)
  }

  #admit(inner: Emit, name: string, request: IncomingMessage, response: ServerResponse): boolean {
    const connection = Connection.find(request.socket)
    if (connection?.closing === true) {
      publishDropped(request)
      return true
    }
    if (connection?.exchange !== undefined) {
      const dispatch = () => this.#dispatch(inner, name, request, response)
      connection.hold({ request, dispatch })
      return true
    }
    return this.#dispatch(inner, name, request, response)
  }

  #dispatch(
    inner: Emit,
    name: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): boolean {
    const { server, gate } = this
    const exchange = openExchange(this, request, response)
    if (exchange === undefined || gate === undefined) {
      return inner.call(server, name, request, response)
    }
    gate({
      exchange,
      proceed: () => inner.call(server, name, request, response),
      answerInside: (answer) => {
        inner.call(stageFor(server, answer), name, request, response)
      },
    })
    return true
  }
}

function negotiate(): void {}

const FOREIGN_LISTENER =
  'The server has a checkContinue or checkExpectation listener of its own: it answers expectations ' +
  'instead of the gate, before any middleware has run. Remove it.'

/**
 * A parse error behind a request that is still being answered belongs to the bytes that follow it.
 * Node would answer 400 in place of the answer that is owed; here that one goes out, then a close.
 */
function brokenAfterRequest(error: NodeJS.ErrnoException, socket: Socket): boolean {
  const connection = Connection.find(socket)
  if (connection === undefined) return false
  const unparsable = error.code?.startsWith('HPE_') === true
  const owed = unparsable && connection.exchange?.contentComplete === true
  if (owed) {
    connection.drop()
    connection.socket.pause()
  }
  return owed || connection.linger !== undefined
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
