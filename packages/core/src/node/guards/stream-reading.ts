// An application that takes the HTTP/2 stream of a request, and reads or answers there, past Node's compatibility
// API (`request.stream`, a `stream` listener). Law: whichever of the two objects is read, whoever reads wants the
// content (law 2), and what he gets is counted.

import type { OutgoingHttpHeaders } from 'node:http'
import type { ServerHttp2Stream, ServerStreamResponseOptions } from 'node:http2'
import { refuseOverflow } from '../answer/refuse-midway.js'
import { exchangeOfStream, type Http2Exchange } from '../exchange/http2-exchange.js'
import { continueForBeginning } from './early-success.js'

/** The listener of Node's compatibility API, which reads for the request. */
const OF_COMPATIBILITY = 'onStreamData'

export function guardStreamReading(exchange: Http2Exchange): void {
  const { stream } = exchange
  // A `stream` listener that runs before the one that makes the request.
  if (stream.listeners('data').some(isReader) || stream.listeners('readable').some(isReader)) {
    exchange.contentWanted()
    return
  }
  watchReaders(exchange)
  const guarded: Guarded = stream
  guarded[RESPOND] = stream.respond
  stream.respond = respondAfterContinue
}

const RESPOND = Symbol('what the guard of a stream replaces')

type Guarded = ServerHttp2Stream & { [RESPOND]?: ServerHttp2Stream['respond'] }

function respondAfterContinue(
  this: Guarded,
  fields?: OutgoingHttpHeaders,
  options?: ServerStreamResponseOptions,
): void {
  const exchange = exchangeOfStream(this)
  if (exchange !== undefined) {
    continueForBeginning(exchange, Number(fields?.[':status'] ?? 200))
  }
  this[RESPOND]?.(fields, options)
}

/** Of an exchange whose content somebody may have to be asked for, or whose stream is paused. */
export function watchReaders({ stream }: Http2Exchange): void {
  if (!stream.listeners('newListener').includes(readerComes)) stream.on('newListener', readerComes)
}

function readerComes(this: ServerHttp2Stream, name: string | symbol, listener: object): void {
  if (name !== 'data' && name !== 'readable') return
  const exchange = exchangeOfStream(this)
  if (isReader(listener)) exchange?.contentWanted()
  // Node lets a stream flow for a new listener, unless it was paused.
  if (name === 'data') exchange?.contentAsked()
}

/**
 * Content of undeclared length that is read from the stream: the request does not see it. What is over the limit is
 * not handed on, but for the piece that goes over it.
 */
export function guardStreamCounting({ stream }: Http2Exchange): void {
  stream.on('newListener', countForReader)
}

function countForReader(this: ServerHttp2Stream, name: string | symbol, listener: object): void {
  if ((name !== 'data' && name !== 'readable') || !isReader(listener)) return
  this.off('newListener', countForReader)
  this.prependListener('data', countPiece)
}

function countPiece(this: ServerHttp2Stream, piece: Uint8Array): void {
  const exchange = exchangeOfStream(this)
  if (exchange === undefined) return
  exchange.contentReceived(piece.byteLength)
  if (!exchange.handedOn || !exchange.overLimit) return
  // Neither more of it nor an end: who reads sees the stream close when the answer is out.
  this.push = pushNothing
  refuseOverflow(exchange)
}

const pushNothing = (): boolean => true

function isReader(listener: object): boolean {
  return !('name' in listener && listener.name === OF_COMPATIBILITY)
}
