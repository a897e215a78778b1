// The final head of an HTTP/1 response: `writeHead`, and `assignSocket` for responses that wait for
// their turn. The disposition of the connection is decided here, and said, for an answer that is no error and whose
// content may still be read as late as Node lets it go out:
// - close: whatever the application set (RFC 9112 section 9.3, R15, R25)
// - keep and drain: also where Node would close because of an expectation that got no 100

import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { dispositionAtHead, type HeadDisposition } from '../../lifecycle/disposition.js'
import { adviseOnCors } from '../advice/cors.js'
import { adviseOnClose } from '../advice/exchange-advice.js'
import {
  forgetHead,
  isHeadMade,
  sayClose,
  tellsWhenSent,
  whenHeadIsSent,
} from '../answer/kept-head.js'
import { type Http1Exchange, onConnection } from '../connection/http1-exchange.js'
import { boundAnswer } from '../delivery/http1.js'
import { exchangeOfResponse } from '../exchange/find-exchange.js'
import type { OriginalMethods } from '../exchange/originals.js'
import { isRead, isReadOn } from '../exchange/readers.js'
import { hasMember } from '../exchange/request-head.js'
import { isConnectionChallenge } from './connection-challenge.js'
import { guardDumping } from './destroy.js'
import { continueForReader } from './early-success.js'
import { fieldOf, withClose } from './head-arguments.js'

const ALLOWED = 'access-control-allow-origin'

type HeadWriter = {
  writeHead(status: number, reason?: unknown, fields?: unknown): ServerResponse
  writeHeader?(status: number, reason?: unknown, fields?: unknown): ServerResponse
}

export function guardHead(response: ServerResponse): void {
  const guarded: HeadWriter = response
  guarded.writeHead = writeFinalHead
  // An alias that newer releases of Node have no more.
  if (guarded.writeHeader !== undefined) guarded.writeHeader = writeFinalHead
  // Pipelined behind a response that is not finished. Node would put the final head in front of a 100
  // that waits (`_send` unshifts it), so the 100 waits outside.
  if (response.socket === null) guardTurn(response)
}

function guardTurn(response: ServerResponse): void {
  const { assignSocket } = response
  response.assignSocket = function takeTurn(this: ServerResponse, socket: Socket): void {
    const exchange = onConnection(exchangeOfResponse(this))
    // A head that was written meanwhile goes out as the socket comes: the 100 before it.
    if (isHeadMade(this)) exchange.turnCame()
    assignSocket.call(this, socket)
    exchange.turnCame()
  }
}

/** `reason` is left out by most: then `fields` stand in its place. */
function writeFinalHead(
  this: ServerResponse,
  status: number,
  reason?: unknown,
  fields?: unknown,
): ServerResponse {
  const exchange = onConnection(exchangeOfResponse(this))
  const code = Number(status)
  // Beyond 999 Node throws, and the head is still to come.
  const final = code >= 200 && code <= 999 && !isHeadMade(this)
  if (final && !hasNothingToSay(exchange)) {
    return writeDisposition(exchange, code, givenOf(reason, fields))
  }
  if (final) keepDespiteExpectation(exchange)
  const written = writeAsGiven(exchange.originals, this, status, reason, fields)
  if (final) exchange.finalHead(code, false)
  return written
}

/** Who wrapped the method before may count its arguments; to pass a list of them costs more. */
function writeAsGiven(
  { writeHead }: OriginalMethods,
  response: ServerResponse,
  status: number,
  reason: unknown,
  fields: unknown,
): ServerResponse {
  if (fields !== undefined) return writeHead.call(response, status, reason, fields)
  if (reason !== undefined) return writeHead.call(response, status, reason)
  return writeHead.call(response, status)
}

/** What follows the status. */
function givenOf(reason: unknown, fields: unknown): readonly unknown[] {
  if (fields !== undefined) return [reason, fields]
  return reason === undefined ? [] : [reason]
}

/** Nearly all responses: all content was read, and nothing closes. */
function hasNothingToSay(exchange: Http1Exchange): boolean {
  const { decision, connection } = exchange
  const plain = !hasContentLeft(exchange) && decision?.kind !== 'refuse'
  return plain && !connection.closesAfter(exchange)
}

/** Some of the content has not come, or waits for whoever reads it. */
function hasContentLeft({ received, request }: Http1Exchange): boolean {
  return !received || request.readableLength > 0
}

function writeDisposition(
  exchange: Http1Exchange,
  code: number,
  rest: readonly unknown[],
): ServerResponse {
  const { response, originals } = exchange
  continueForReader(exchange, code)
  const challenge = !exchange.received && isConnectionChallenge(code, response, rest)
  const said = fieldOf(response, rest, 'connection')
  if (!exchange.received && hasMember(said, 'close')) exchange.applicationCloses()
  const becomes = disposition(exchange, code, challenge)
  const waits = becomes === 'close' && said === undefined && mayBeRead(exchange, code)
  const closes = becomes === 'close' && !waits
  // The client has to send what the challenge refuses, so that the connection can be kept.
  if (challenge && !closes) exchange.contentWanted()
  if (!closes) keepDespiteExpectation(exchange)
  if (waits) whenHeadIsSent(response, () => decideAgain(exchange, code))
  else forgetHead(response)
  const [reason, fields] = closes ? withClose(response, rest, said) : rest
  const written = writeAsGiven(originals, response, code, reason, fields)
  // Node throws for fields that it will not write: nothing has been answered then.
  if (hasContentLeft(exchange)) guardDumping(exchange.request)
  if (!waits) decided(exchange, code, becomes)
  if (exchange.decision?.kind === 'refuse') {
    adviseOnCors(exchange, () => fieldOf(response, rest, ALLOWED))
  }
  exchange.finalHead(code, false)
  return written
}

/** Nobody reads yet, and nothing else speaks for a close: as long as Node keeps the head, somebody may begin to. */
function mayBeRead(exchange: Http1Exchange, code: number): boolean {
  if (!exchange.handedOn || exchange.request.destroyed || !tellsWhenSent(exchange.response)) {
    return false
  }
  return disposition(exchange, code, false, true) === 'keep'
}

/** The head goes out now. */
function decideAgain(exchange: Http1Exchange, code: number): void {
  if (exchange.settled) return
  const becomes = disposition(exchange, code, false)
  if (becomes === 'close') sayClose(exchange.response)
  decided(exchange, code, becomes)
}

function decided(exchange: Http1Exchange, code: number, becomes: HeadDisposition): void {
  if (becomes === 'close') {
    exchange.connection.close()
    adviseOnClose(exchange, code)
  }
  if (!exchange.received && becomes !== 'keep') boundAnswer(exchange)
}

function disposition(
  exchange: Http1Exchange,
  status: number,
  challenge: boolean,
  read = isReadOn(exchange) || willBeRead(exchange, status),
): HeadDisposition {
  const { remaining, expectation } = exchange
  // All of it was handed over, and the parser has not told the end yet.
  const received = exchange.received || remaining === 0
  return dispositionAtHead({
    closing: exchange.connection.closesAfter(exchange),
    received,
    read,
    refuses: status >= 400,
    asks: expectation.kind !== 'none',
    remaining,
    challenge,
    maxBytes: exchange.policy.linger.maxBytes,
  })
}

/** Somebody reads, and the 100 goes out before this head, when the responses before it are out. */
function willBeRead(exchange: Http1Exchange, status: number): boolean {
  return exchange.continuation === 'waiting' && status < 300 && isRead(exchange)
}

/** Node closes after any expectation that got no 100, even when all content is here or will be read. */
function keepDespiteExpectation({ response, expectation }: Http1Exchange): void {
  const asked: ServerResponse & { _expect_continue?: boolean } = response
  if (expectation.kind !== 'none') asked._expect_continue = false
}
