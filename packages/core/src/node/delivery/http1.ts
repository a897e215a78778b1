// A final response that is complete reaches the client (law 3). Node calls `socket.destroySoon()`
// after the last response of a connection and `close` on every response; both lead here.
//
// - content left unread and the connection closing: linger
// - content left unread and the connection kept: drain it within bounds
// - response broken off, or client gone: settle, and tell whoever still waits for content

import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { LingerEnd } from '../../outcome/outcome.js'
import { ContentUnread, whyUnread } from '../content-refused.js'
import { DEFAULT_POLICY } from '../default-policy.js'
import { type Exchange, exchangeOfResponse } from '../exchange.js'
import { Connection } from './connection.js'
import { type ConnectionExchange, onConnection } from './connection-exchange.js'
import { Linger, type LingerBounds, type LingerHost } from './linger.js'
import { readAgain, takeFromParser } from './take-from-parser.js'

/** The connection of a socket, with delivery between Node and the socket. */
export function guardedConnection(socket: Socket, host: LingerHost): Connection {
  const known = Connection.find(socket)
  if (known !== undefined) return known
  socket.destroySoon = deliver
  socket.on('close', connectionClosed)
  return Connection.open(socket, host)
}

function connectionClosed(this: Socket): void {
  const connection = Connection.find(this)
  if (connection === undefined) return
  connection.drop()
  const { linger, exchange } = connection
  if (linger !== undefined) linger.end('error')
  else if (exchange !== undefined) giveUp(exchange)
}

/** Called once for each exchange. */
export function guardDelivery(response: ServerResponse): void {
  response.on('close', responseClosed)
}

/** The last response of the connection is written: close, so that it arrives. */
function deliver(this: Socket): void {
  const connection = Connection.find(this)
  if (connection?.linger !== undefined || this.destroyed) return
  const exchange = connection?.exchange
  const unread = exchange !== undefined && !exchange.contentComplete
  const bounds = exchange?.policy?.linger ?? connection?.host.linger ?? DEFAULT_POLICY.linger
  const needed = unread || connection?.closing === true
  connection?.drop()
  if (connection !== undefined && needed && Linger.active < bounds.maxConcurrent) {
    linger(connection, bounds)
  } else {
    Socket.prototype.destroySoon.call(this)
  }
}

function linger(connection: Connection, bounds: LingerBounds): void {
  const { host, exchange, socket } = connection
  const started = new Linger(connection, bounds, lingerEnded)
  connection.linger = started
  // The parser may still be in the middle of a chunk: what it hands over must not pause the socket.
  if (exchange !== undefined) exchange.draining = true
  takeFromParser(socket, lingerHeard, peerClosed)
  socket.end()
  socket.unref()
  readAgain(socket)
  if (socket.readableEnded) process.nextTick(() => started.end('peer-closed'))
  host.lingers.add(started)
  if (host.closed) host.lingers.hurry(started)
}

function lingerHeard(this: Socket, chunk: Buffer): void {
  Connection.find(this)?.linger?.received(chunk.byteLength)
}

function peerClosed(this: Socket): void {
  Connection.find(this)?.linger?.end('peer-closed')
}

function lingerEnded({ linger, host, exchange }: Connection, end: LingerEnd): void {
  if (linger === undefined) return
  host.lingers.delete(linger)
  if (exchange === undefined) return
  leaveConsumers(exchange)
  exchange.settle('lingered', { end, bytes: linger.bytes })
}

function responseClosed(this: ServerResponse): void {
  const exchange = onConnection(exchangeOfResponse(this))
  if (exchange.settled) return
  const { connection } = exchange
  if (!this.writableFinished) {
    giveUp(exchange)
  } else if (connection.linger !== undefined) {
    return
  } else if (exchange.contentComplete && !connection.closing) {
    exchange.settle('kept')
  } else if (exchange.contentComplete && connection.socket.writableEnded) {
    exchange.settle('closed')
  } else if (exchange.contentComplete) {
    // Bytes that cannot be parsed came after a head that had said nothing of a close.
    connection.socket.destroySoon()
  } else if (connection.socket.destroyed || connection.closing) {
    leaveConsumers(exchange)
    exchange.settle('cut')
  } else {
    drain(exchange)
  }
}

/** The response was broken off or the client left. */
function giveUp(exchange: Exchange): void {
  exchange.clientLeft()
  leaveConsumers(exchange)
  exchange.settle('cut')
}

/** Whoever still waits for content learns that none will come (RFC 9112 section 8: incomplete). */
function leaveConsumers(exchange: Exchange): void {
  if (!exchange.contentComplete && !exchange.request.destroyed) {
    exchange.request.destroy(whyUnread(exchange))
  }
}

/** A small declared remainder, read and dropped so that the connection serves the next request. */
function drain(exchange: ConnectionExchange): void {
  const { socket } = exchange.connection
  const { idleMs } = (exchange.policy ?? DEFAULT_POLICY).linger
  exchange.draining = true
  exchange.contentDeadline = setTimeout(cutOff, idleMs, socket).unref()
  exchange.onContentComplete = drained
  socket.resume()
}

function cutOff(socket: Socket): void {
  socket.destroy()
}

function drained(exchange: Exchange): void {
  const { request, response } = exchange
  // A consumer has missed some of it and must not see a clean end.
  if (request.listenerCount('data') + request.listenerCount('readable') > 0) {
    request.destroy(new ContentUnread(response.statusCode))
  } else {
    request.resume()
  }
  exchange.settle('drained')
}
