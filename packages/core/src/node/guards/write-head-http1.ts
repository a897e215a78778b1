// The final head, guarded. Laws:
// - a final response before the end of the content says `Connection: close`, whatever the
//   application set (RFC 9112 section 9.3, R15, R25); a small declared remainder may be drained
// - when all content was received the connection is kept, whether or not a 100 was sent
// - no 100 after it, and never two
//
// Shared functions again: see ../request-content.ts.

import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { adviseOnHead } from '../advice/exchange-advice.js'
import { exchangeOfResponse } from '../exchange.js'
import { type ConnectionExchange, onConnection } from './connection-exchange.js'

const CONNECTION = 'connection'

type HeadWriter = { writeHead(status: number, ...rest: unknown[]): ServerResponse }

export function guardHead(response: ServerResponse): void {
  const guarded: HeadWriter = response
  guarded.writeHead = writeFinalHead
  // Pipelined behind a response that is not finished. Node would put the final head in front of a 100
  // that waits (`_send` unshifts it), so the 100 waits outside.
  if (response.socket === null) response.assignSocket = takeTurn
}

function takeTurn(this: ServerResponse, socket: Socket): void {
  Object.getPrototypeOf(this).assignSocket.call(this, socket)
  const exchange = onConnection(exchangeOfResponse(this))
  if (exchange.continueWanted) exchange.sendContinue()
}

function writeFinalHead(this: ServerResponse, status: number, ...rest: unknown[]): ServerResponse {
  const exchange = onConnection(exchangeOfResponse(this))
  const { writeHead } = exchange.plain
  const code = Number(status)
  // Beyond 999 Node throws, and the head is still to come.
  const final = code >= 200 && code <= 999 && !this.headersSent
  if (!final) return writeHead.call(this, status, ...rest)
  const closes = mustClose(exchange)
  if (!closes) keepDespiteExpectation(exchange)
  const written = writeHead.call(this, status, ...(closes ? closing(this, rest) : rest))
  // Node throws for fields that it will not write: nothing has been answered then.
  if (closes) exchange.connection.closing = true
  adviseOnHead(exchange, code)
  exchange.finalHead(code)
  return written
}

/** The disposition of the connection; the arguments cannot undo a close. */
function mustClose(exchange: ConnectionExchange): boolean {
  if (exchange.connection.closing) return true
  if (exchange.contentComplete) return false
  return !exchange.drainable
}

/** Node closes after any expectation that got no 100, even when all content is here. */
function keepDespiteExpectation(exchange: ConnectionExchange): void {
  const { response, expectation, continuation } = exchange
  if (expectation.kind === 'none' || continuation === 'sent') return
  if (exchange.contentComplete && clientKeeps(exchange)) {
    response.setHeader('Connection', 'keep-alive')
  }
}

/** `shouldKeepAlive` is Node's reading of the request's version and `Connection` field. */
function clientKeeps(exchange: ConnectionExchange): boolean {
  const response: ServerResponse & { maxRequestsOnConnectionReached?: boolean } = exchange.response
  return (
    response.shouldKeepAlive &&
    response.maxRequestsOnConnectionReached !== true &&
    response.getHeader('connection') === undefined
  )
}

/** Whatever the arguments of `writeHead` say of `Connection`, it is a close. */
function closing(response: ServerResponse, args: readonly unknown[]): readonly unknown[] {
  const [fields] = args
  // When no field was set before, Node writes those that are given here as they are.
  if (args.length === 1 && isRecord(fields) && response.getHeaderNames().length === 0) {
    return [closingList(fields)]
  }
  response.setHeader('Connection', 'close')
  return args.map(withoutConnection)
}

function isRecord(fields: unknown): fields is Readonly<Record<string, unknown>> {
  return typeof fields === 'object' && fields !== null && !Array.isArray(fields)
}

/** Names and values by turns, which `writeHead` takes too. */
function closingList(fields: Readonly<Record<string, unknown>>): unknown[] {
  const list: unknown[] = []
  for (const name in fields) {
    if (Object.hasOwn(fields, name) && !isConnection(name)) list.push(name, fields[name])
  }
  list.push('Connection', 'close')
  return list
}

function withoutConnection(argument: unknown): unknown {
  if (Array.isArray(argument)) return withoutConnectionPairs(argument)
  if (typeof argument !== 'object' || argument === null) return argument
  return Object.fromEntries(Object.entries(argument).filter(([name]) => !isConnection(name)))
}

/** `writeHead` takes a flat list of names and values, or a list of pairs. */
function withoutConnectionPairs(list: readonly unknown[]): unknown[] {
  if (Array.isArray(list[0])) {
    return list.filter((pair) => !Array.isArray(pair) || !isConnection(pair[0]))
  }
  const kept: unknown[] = []
  for (let at = 0; at + 1 < list.length; at += 2) {
    if (!isConnection(list[at])) kept.push(list[at], list[at + 1])
  }
  return kept
}

function isConnection(name: unknown): boolean {
  const text = String(name)
  return text.length === CONNECTION.length && text.toLowerCase() === CONNECTION
}
