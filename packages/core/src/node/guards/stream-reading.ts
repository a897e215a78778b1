// An application that takes the HTTP/2 stream of a request, and reads or answers there, past Node's compatibility
// API (`request.stream`, a `stream` listener). Laws:
// - whichever of the two objects is read, whoever reads wants the content (law 2), and what comes is counted
// - content that is refused is handed on by neither, and its end is not told as if it were whole

import type { OutgoingHttpHeaders } from 'node:http'
import type { ServerHttp2Stream, ServerStreamResponseOptions } from 'node:http2'
import { exchangeOfStream, type Http2Exchange } from '../exchange/http2-exchange.js'
import { isReadPastRequest, readsPastRequest } from '../exchange/readers.js'
import { nextTick } from '../timers.js'
import { continueForBeginning } from './early-success.js'
import { refuseOver } from './read.js'

/** How Node hands over a piece, and `null` for the end; pieces are bytes here, whatever encoding is set. */
type Push = (this: ServerHttp2Stream, piece: unknown, encoding?: BufferEncoding) => boolean

/** Since Node 24.7 a head may be a list: names and values by turns. */
type GivenHead = OutgoingHttpHeaders | readonly string[]

const RESPOND = Symbol('the method that the guard of a stream replaces')
const PUSH = Symbol('the method that the guard of its content replaces')

type Guarded = ServerHttp2Stream & { [RESPOND]?: ServerHttp2Stream['respond']; [PUSH]?: Push }

export function guardStreamReading(exchange: Http2Exchange): void {
  const { stream } = exchange
  // A `stream` listener that runs before the one that makes the request.
  if (isReadPastRequest(stream)) {
    exchange.contentWanted()
    return
  }
  watchReaders(exchange)
  const guarded: Guarded = stream
  guarded[RESPOND] = stream.respond
  stream.respond = respondAfterContinue
}

function respondAfterContinue(
  this: Guarded,
  fields?: OutgoingHttpHeaders,
  options?: ServerStreamResponseOptions,
): void {
  const exchange = exchangeOfStream(this)
  if (exchange !== undefined) continueForBeginning(exchange, statusOf(fields))
  this[RESPOND]?.(fields, options)
}

function statusOf(head: GivenHead = {}): number {
  if (!Array.isArray(head)) return Number(Reflect.get(head, ':status') ?? 200)
  const at = head.findIndex((field, index) => index % 2 === 0 && field === ':status')
  return at < 0 ? 200 : Number(head[at + 1])
}

/** Of an exchange whose content somebody may have to be asked for, or whose stream is paused. */
export function watchReaders({ stream }: Http2Exchange): void {
  if (!stream.listeners('newListener').includes(readerComes)) stream.on('newListener', readerComes)
}

function readerComes(this: ServerHttp2Stream, name: string | symbol, listener: object): void {
  if (name !== 'data' && name !== 'readable') return
  const exchange = exchangeOfStream(this)
  if (readsPastRequest(listener)) exchange?.contentWanted()
  // Node lets a stream flow for a new listener, unless it was paused.
  if (name === 'data') exchange?.contentAsked()
}

/** Content is counted as it comes: what is read from the stream the request does not see. */
export function guardStreamContent({ stream }: Http2Exchange): void {
  const guarded: Guarded = stream
  guarded[PUSH] = stream.push
  stream.push = pushCounted
}

function pushCounted(this: Guarded, piece: unknown, encoding?: BufferEncoding): boolean {
  const exchange = exchangeOfStream(this)
  if (exchange !== undefined) {
    if (piece === null) {
      if (isWithheld(exchange)) return withholdEnd(this)
    } else {
      exchange.contentReceived(piece instanceof Uint8Array ? piece.byteLength : 0)
      if (exchange.handedOn && exchange.overLimit && isReadPastRequest(this)) refuseOver(exchange)
      if (isWithheld(exchange)) return exchange.contentDropped()
    }
  }
  return this[PUSH]?.(piece, encoding) ?? false
}

/** The request tells its own readers. */
function isWithheld({ handedOn, stream }: Http2Exchange): boolean {
  return !handedOn && isReadPastRequest(stream)
}

/** Who reads sees the stream close. Node tells the end when END_STREAM has come, and when the answer is out, too. */
function withholdEnd(stream: ServerHttp2Stream): boolean {
  if (stream.closed) nextTick(destroy, stream)
  return false
}

function destroy(stream: ServerHttp2Stream): void {
  stream.destroy()
}
