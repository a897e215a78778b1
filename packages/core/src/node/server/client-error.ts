// Errors that Node answers below the framework, in the same shape as every other (on request only:
// an application that listens for `clientError` answers by itself). Node's own answer is a bare head.

import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { RequestHead } from '../../head/request-head.js'
import { type Format, renderError } from '../../refusal/body.js'
import { describeError } from '../../refusal/error-facts.js'
import { Refusal } from '../../refusal/refusal.js'
import { makeInert } from '../answer/inert-response.js'
import { isHeadMade, isKeptBack, takeHeadBack } from '../answer/kept-head.js'
import { writeError } from '../answer/write-error.js'
import { Connection } from '../connection/connection.js'
import { guardedConnection } from '../delivery/http1.js'
import { leaveParser } from '../delivery/leave-parser.js'
import { failContent } from '../exchange/end-content.js'
import type { Exchange } from '../exchange/exchange.js'
import { exchangeOfResponse } from '../exchange/find-exchange.js'
import { readRequestHead } from '../exchange/request-head.js'
import type { ServerContext } from '../exchange/server-context.js'
import { publishClientError } from '../observe/channels.js'
import { faultsOf } from '../observe/user-code.js'
import { setImmediate } from '../timers.js'
import type { HttpSocket } from './dispatch.js'
import { responseTo } from './dropped-response.js'

/** Node's statuses for its own codes (`socketOnError` of lib/_http_server.js); all others are 400. */
const STATUS_BY_CODE: ReadonlyMap<string, number> = new Map([
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
])

/** What is known of a request that could not be read. */
const UNREAD: RequestHead = { method: 'GET', target: '/', version: '1.1', headers: {} }

/** Node's parser did not understand what came. */
export function isParseError(error: NodeJS.ErrnoException): boolean {
  return error.code?.startsWith('HPE_') === true
}

/**
 * Bytes that cannot be parsed and come behind a request, or behind its answer, are not that request's
 * fault. Node would write a second head or destroy the socket, and the answer with it; here the
 * answer that is owed or under way goes out, and then the connection closes. A client that ends its side before
 * that answer has begun would get nothing, as Node ends the connection then: it gets what Node has to say.
 *
 * @param tell - What Node says of it.
 * @returns true to swallow the event: no `clientError` listener runs, unless it is told later.
 */
export function isBehindRequest(
  error: NodeJS.ErrnoException,
  socket: HttpSocket,
  tell: () => void,
): boolean {
  const connection = Connection.find(socket)
  if (connection === undefined) return false
  if (connection.reading !== undefined) return true
  const { newest } = connection
  if (newest === undefined || !isParseError(error)) return false
  // An error in its content is for the application, unless its answer is on its way.
  if (!newest.received && !newest.response.writableEnded) return false
  const ended = (): void => {
    if (newest.answered || hasBegun(socket)) socket.end()
    else tell()
  }
  leaveParser(connection, () => connection.postponeEnd(ended))
  if (!newest.received) newest.contentBroke()
  // The last answer is out: nobody else would close the connection.
  if (newest.answered) setImmediate(closeUnlessAnswering, socket)
  // Half a request came with the end of the client.
  else if (socket.readableEnded) connection.postponeEnd(ended)
  else socket.prependListener('timeout', () => timedOut(newest, socket, tell))
  return true
}

/** Node ends a connection that nobody has a word for: without the bytes behind it, and here in place of them. */
function timedOut({ answered, response }: Exchange, socket: HttpSocket, tell: () => void): void {
  const heard = [response, socket.server].some((each) => (each?.listenerCount('timeout') ?? 0) > 0)
  if (!heard && !answered && !hasBegun(socket)) tell()
}

/** By then Node's own answer to a request that it has not dispatched (one without `Host`) is under way, and closes. */
function closeUnlessAnswering(socket: HttpSocket): void {
  if (!socket._httpMessage) socket.destroySoon()
}

/** Half an answer is out. */
function hasBegun({ _httpMessage: response }: HttpSocket): boolean {
  return response != null && isHeadMade(response) && !isKeptBack(response)
}

/**
 * What Node does when nobody listens: a bare head, unless half an answer is out (`socketOnError` of
 * lib/_http_server.js).
 */
export function answerAsNode(error: NodeJS.ErrnoException, socket: HttpSocket): void {
  if (socket.writable && !hasBegun(socket)) {
    const status = STATUS_BY_CODE.get(error.code ?? '') ?? 400
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`)
  }
  socket.destroy(error)
}

/** @returns Whether it was answered; if not, Node does what it always does. */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: HttpSocket,
  server: ServerContext,
  format: Format,
): boolean {
  const code = error.code ?? ''
  const response = socket._httpMessage ?? undefined
  const answerable = code.startsWith('HPE_') || STATUS_BY_CODE.has(code)
  if (!answerable || !socket.writable) return false
  if (response !== undefined && isHeadMade(response) && !takeHeadBack(response)) {
    // As Node does it: half an answer is cut, and gets no second head.
    socket.destroy(error)
    return true
  }
  const refusal = new Refusal(STATUS_BY_CODE.get(code) ?? 400)
  const facts = describeError(refusal)
  const connection = guardedConnection(socket, server)
  connection.close()
  connection.closeBehind()
  if (response === undefined) {
    socket.write(messageOf(renderError(facts, UNREAD, format, faultsOf('format', format))))
    socket.destroySoon()
  } else {
    response.setHeader('Connection', 'close')
    writeError(response, readRequestHead(response.req), facts, format)
    makeInert(response)
    const exchange = exchangeOfResponse(response)
    exchange?.answeredForApplication()
    // Node would report the connection as broken to those who read; it is not broken yet.
    if (exchange?.received === false) failContent(exchange, refusal)
  }
  publishClientError(facts.status, code)
  return true
}

/** `maxRequestsPerSocket` is spent: Node writes a bare 503 right after it has told so. */
export function answerDropped(request: IncomingMessage, format: Format): void {
  const response = responseTo(request)
  if (response === undefined) return
  const facts = describeError(new Refusal(503))
  writeError(response, readRequestHead(request), facts, format)
  // Node is about to write its own 503.
  makeInert(response)
  publishClientError(facts.status, 'dropRequest')
}

function messageOf({ status, headers, body }: ReturnType<typeof renderError>): string {
  const fields = { ...headers, Connection: 'close', Date: new Date().toUTCString() }
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}: ${each}\r\n`),
  )
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`
}
