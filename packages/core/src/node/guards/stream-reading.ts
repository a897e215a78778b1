// An application that takes the HTTP/2 stream of a request, and reads or answers there, past Node's compatibility
// API (`request.stream`, a `stream` listener). Laws:
// - whichever of the two objects is read, whoever reads wants the content (law 2), and what comes is counted
// - content that is refused is handed on by neither, and its end is not told as if it were whole

import type { OutgoingHttpHeaders } from 'node:http'
import type { ServerHttp2Stream, ServerStreamResponseOptions } from 'node:http2'
import type { Http2Exchange } from '../exchange/http2-exchange.js'
import { isReadPastRequest, readsPastRequest } from '../exchange/readers.js'
import { nextTick } from '../timers.js'
import { continueForBeginning } from './early-success.js'
import { refuseOver } from './read.js'

/** How Node hands over a piece, and `null` for the end; pieces are bytes here, whatever encoding is set. */
interface PushedTo {
  push(piece: unknown, encoding?: BufferEncoding): boolean
}

/** Since Node 24.7 a head may be a list: names and values by turns. */
type GivenHead = OutgoingHttpHeaders | readonly string[]

export function guardStreamReading(exchange: Http2Exchange): void {
  const { stream } = exchange
  // A `stream` listener that runs before the one that makes the request.
  if (isReadPastRequest(stream)) {
    exchange.contentWanted()
    return
  }
  stream.on('newListener', (name: string | symbol, listener: object) => {
    if ((name === 'data' || name === 'readable') && readsPastRequest(listener)) {
      exchange.contentWanted()
    }
  })
  const { respond } = stream
  stream.respond = (fields?: OutgoingHttpHeaders, options?: ServerStreamResponseOptions) => {
    continueForBeginning(exchange, statusOf(fields))
    respond.call(stream, fields, options)
  }
}

function statusOf(head: GivenHead = {}): number {
  if (!Array.isArray(head)) return Number(Reflect.get(head, ':status') ?? 200)
  const at = head.findIndex((field, index) => index % 2 === 0 && field === ':status')
  return at < 0 ? 200 : Number(head[at + 1])
}

/** Content is counted as it comes: what is read from the stream the request does not see. */
export function guardStreamContent(exchange: Http2Exchange): void {
  const { stream } = exchange
  const pushed: PushedTo = stream
  const { push } = pushed
  pushed.push = (piece, encoding) => {
    if (piece === null) {
      if (isWithheld(exchange)) return withholdEnd(stream)
    } else {
      exchange.contentReceived(piece instanceof Uint8Array ? piece.byteLength : 0)
      if (exchange.handedOn && exchange.overLimit && isReadPastRequest(stream)) refuseOver(exchange)
      if (isWithheld(exchange)) return exchange.contentDropped()
    }
    return push.call(stream, piece, encoding)
  }
}

/** The request tells its own readers. */
function isWithheld({ handedOn, stream }: Http2Exchange): boolean {
  return !handedOn && isReadPastRequest(stream)
}

/** Who reads sees the stream close. Node tells the end when END_STREAM has come, and when the answer is out, too. */
function withholdEnd(stream: ServerHttp2Stream): boolean {
  if (stream.closed) nextTick(() => stream.destroy())
  return false
}
