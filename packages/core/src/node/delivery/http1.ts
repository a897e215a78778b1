// The end of an HTTP/1 response: a final response that is complete reaches the client (law 3). Node
// tells it twice, by `socket.destroySoon()` after the last response of a connection and by
// `response.detachSocket()` after every one; both lead to `answerEnded`, which acts on the disposition.

import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { dispositionAtEnd } from '../../lifecycle/disposition.js'
import type { LingerEnd } from '../../outcome/outcome.js'
import { Connection } from '../connection/connection.js'
import { Http1Exchange, onConnection } from '../connection/http1-exchange.js'
import { takeSocket } from '../connection/take-socket.js'
import { dropBuffer, endDropped, leaveContent, throwAway } from '../exchange/end-content.js'
import { exchangeOfResponse } from '../exchange/find-exchange.js'
import { isRead, isReadOn } from '../exchange/readers.js'
import { isLastOfClient } from '../exchange/request-head.js'
import type { ServerContext } from '../exchange/server-context.js'
import { inContext } from '../observe/async-context.js'
import { nextTick } from '../timers.js'
import { Linger } from './linger.js'
import { RestOfAnswer, RestOfContent } from './waits.js'

/** The connection of a socket, with delivery between Node and the socket. */
export function guardedConnection(socket: Socket, server: ServerContext): Connection {
  const known = Connection.find(socket)
  if (known !== undefined) return known
  const connection = Connection.open(socket, server)
  socket.destroySoon = destroyWhenDelivered
  socket.on('close', connectionClosed)
  return connection
}

/** Called once for each exchange. */
export function guardDelivery({ request, response }: Http1Exchange): void {
  const { socket }: { readonly socket: Socket & { readonly server?: object } } = request
  // A listener for `close` would tell the same, and costs more than all else that opens an exchange.
  if (socket.server === undefined) response.on('close', responseClosed)
  else response.detachSocket = detachSocket
}

/** Content is unread at the final head: the answer has to be written, and taken, in time. */
export function boundAnswer(exchange: Http1Exchange): void {
  exchange.waitFor(new RestOfAnswer(exchange, giveUpAnswer))
}

/** The end of the content has come, or somebody who read it has gone, after the answer. */
export function contentOver(exchange: Http1Exchange): void {
  if (exchange.whole && !exchange.settled) dispose(exchange)
}

function connectionClosed(this: Socket): void {
  const connection = Connection.find(this)
  if (connection === undefined) return
  connection.close()
  const { reading } = connection
  if (reading instanceof Linger) reading.end('error')
  for (const exchange of connection.exchanges) {
    if (!(exchange instanceof Http1Exchange)) continue
    if (exchange.answered) answerEnded(exchange)
    giveUp(exchange)
  }
}

/** The last response of the connection is written: close, so that it arrives. */
function destroyWhenDelivered(this: Socket): void {
  const connection = Connection.find(this)
  if (connection === undefined || this.destroyed || connection.reading instanceof Linger) return
  connection.end()
  const { oldest } = connection
  // Their answers cannot be sent any more: checks that still wait for them let nobody through.
  for (const exchange of connection.exchanges) if (!exchange.answered) exchange.clientLeft()
  // Of one that is whole somebody reads on, or its rest is being dropped: whoever calls it now ends that.
  if (oldest instanceof Http1Exchange && oldest.answered && !oldest.whole) answerEnded(oldest)
  else if (connection.unread || connection.behind) linger(connection)
  else closeNow(connection)
}

/** Node calls it when a response is finished, before it closes the connection or goes on to the next one. */
function detachSocket(this: ServerResponse, socket: Socket): void {
  const exchange = onConnection(exchangeOfResponse(this))
  exchange.originals.detachSocket.call(this, socket)
  if (!exchange.answered) return
  if (leavesNothing(exchange)) {
    exchange.answerWhole()
    exchange.settle('kept')
  } else {
    nextTick(responseOver, exchange)
  }
}

/** Nearly always: all content was read, and neither a close nor a request waits for the end of this response. */
function leavesNothing({ request, response, connection, received, whole, drained }: Http1Exchange) {
  const { _last: last }: ServerResponse & { readonly _last?: boolean } = response
  const waits = connection.closing || connection.held !== undefined || last !== false
  return received && request.readableEnded && !waits && !whole && !drained
}

function responseClosed(this: ServerResponse): void {
  responseOver(onConnection(exchangeOfResponse(this)))
}

function responseOver(exchange: Http1Exchange): void {
  if (exchange.answered) answerEnded(exchange)
  else giveUp(exchange)
}

function answerEnded(exchange: Http1Exchange): void {
  if (exchange.whole || exchange.settled) return
  exchange.answerWhole()
  dispose(exchange)
}

/** The answer may have been sent by the end of another: events of this request are not for its context. */
function dispose(exchange: Http1Exchange): void {
  inContext(exchange.connection.pipeline?.contextOf(exchange), () => disposeOf(exchange))
}

function disposeOf(exchange: Http1Exchange): void {
  const { connection, gone, received } = exchange
  const closing = connection.closesAfter(exchange)
  // What was dispatched behind it is not answered any more, its content not read.
  const behind = connection.behind || exchange !== connection.newest
  const read = isRead(exchange)
  const last = isLastOfClient(exchange.request)
  switch (dispositionAtEnd({ gone, closing, received, read, behind, last })) {
    case 'keep':
      keep(exchange)
      break
    case 'read':
      readOn(exchange)
      break
    case 'drain':
      drain(exchange)
      break
    case 'linger':
      linger(connection)
      break
    case 'close':
      closeNow(connection)
      leaveContent(exchange)
      exchange.settle('closed')
      break
    case 'cut':
      leaveContent(exchange)
      exchange.settle('cut')
  }
}

/** The connection serves the next request. */
function keep(exchange: Http1Exchange): void {
  if (exchange.drained) endDropped(exchange)
  else leaveContent(exchange)
  exchange.settle(exchange.drained ? 'drained' : 'kept')
}

/** As Node would have closed it. */
function closeNow({ socket, destroySoon }: Connection): void {
  if (destroySoon === undefined) socket.end()
  else destroySoon.call(socket)
}

/**
 * Somebody reads on after the answer: as long as content comes, up to the bound of waiting for it. Whether
 * content comes that was asked about and not called for is not known: that is waited for as in a linger. We
 * half-close before that where such content is refused, where only the close ends the answer (RFC 9112
 * section 6.3, as of HTTP/1.0), and where the application has asked for the close. Behind an error nobody is waited
 * for longer than Node waits: a reader that takes nothing, as a web stream that is not pulled, stops the client.
 */
function readOn(exchange: Http1Exchange): void {
  const { policy, response, connection, closedByApplication } = exchange
  const comes = isReadOn(exchange)
  const refuses = response.statusCode >= 400
  if ((refuses && !comes) || closedByApplication || endsByClose(response)) {
    // What comes behind it can no longer be answered (R27).
    connection.close()
    connection.socket.end()
  }
  const idleMs = Math.min(
    policy.contentTimeoutMs,
    refuses ? idleTimeOf(connection.socket) : Number.POSITIVE_INFINITY,
  )
  const whileItComes = { idleMs, totalMs: Number.POSITIVE_INFINITY }
  const bounds = comes ? whileItComes : policy.linger
  exchange.waitFor(new RestOfContent(exchange, bounds, lingerFor))
}

type ServedSocket = Socket & { readonly server?: { readonly keepAliveTimeout?: number } }

/** What newer releases of Node add to `keepAliveTimeout`, in milliseconds. */
const KEEP_ALIVE_BUFFER_MS = 1000

/** How long Node keeps a connection behind an answer on which nothing moves, in milliseconds. */
function idleTimeOf({ server }: ServedSocket): number {
  const { keepAliveTimeout = 0 } = server ?? {}
  return keepAliveTimeout > 0 ? keepAliveTimeout + KEEP_ALIVE_BUFFER_MS : Number.POSITIVE_INFINITY
}

/** The rest is read and dropped, so that the connection serves the next request. */
function drain(exchange: Http1Exchange): void {
  exchange.drain()
  exchange.contentRefused()
  throwAway(exchange)
  exchange.waitFor(new RestOfContent(exchange, exchange.policy.linger, lingerFor))
  exchange.connection.socket.resume()
}

function endsByClose(response: ServerResponse): boolean {
  const { useChunkedEncodingByDefault, chunkedEncoding } = response
  return !useChunkedEncodingByDefault && !chunkedEncoding && !response.hasHeader('content-length')
}

function lingerFor({ connection }: Http1Exchange): void {
  linger(connection)
}

/** Half-closes, and closes when the client has the answer, within the bounds in force. */
function linger(connection: Connection): void {
  const { newest, socket, server } = connection
  if (connection.reading instanceof Linger) {
    // A second one would take its place, and nobody would end the first.
    newest?.waitNoLonger()
    return
  }
  const bounds = newest?.policy.linger ?? server.policy.linger
  connection.close()
  if (bounds.maxConcurrent === 0 || socket.destroyed) {
    closeNow(connection)
    return
  }
  // The one that has had the longest goes: clients that drip a byte a second must not use all up.
  const { oldest } = server.lingers
  if (server.lingers.size >= bounds.maxConcurrent && oldest instanceof Linger) oldest.end('full')
  const started = new Linger({ socket, request: newest?.request, bounds, onEnd: lingerEnded })
  takeSocket(connection, started)
  // The linger has bounds of its own.
  if (socket.timeout) socket.setTimeout(0)
  newest?.waitNoLonger()
  // A handler that reads for an answer which nobody gets must not take nothing for all.
  if (newest?.answered === true) dropBuffer(newest)
  socket.end()
  // A server that is detached cannot hurry it: the process stays, so that `close()` calls back.
  if (!server.detached) socket.unref?.()
  server.lingers.add(started)
  if (server.closed) server.lingers.hurry(started)
  if (socket.readableEnded) nextTick(endAtOnce, started)
}

function endAtOnce(started: Linger): void {
  started.peerEnded()
}

function lingerEnded(socket: Socket, end: LingerEnd, bytes: number): void {
  const connection = Connection.find(socket)
  connection?.server.lingerOver()
  for (const exchange of connection?.exchanges ?? []) {
    if (exchange instanceof Http1Exchange && exchange.answered) {
      leaveContent(exchange)
      exchange.settle('lingered', { end, bytes })
    }
  }
}

/** Nobody writes the answer any more, or nobody takes it. */
function giveUpAnswer(exchange: Http1Exchange): void {
  exchange.cut()
}

/** The response was broken off or the client left. */
function giveUp(exchange: Http1Exchange): void {
  if (exchange.settled) return
  // What is held behind it must not be dispatched any more.
  if (exchange.gone) exchange.connection.close()
  if (!exchange.whole) exchange.clientLeft()
  leaveContent(exchange)
  exchange.contentBroke()
  exchange.settle('cut')
}
