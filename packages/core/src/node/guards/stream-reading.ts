// An application that takes the HTTP/2 stream of a request, and reads or answers there, past Node's compatibility
// API (`request.stream`, a `stream` listener). Law: whichever of the two objects is read, whoever reads wants the
// content (law 2), and what he gets is counted.

import type { OutgoingHttpHeaders } from 'node:http'
import type { ServerStreamResponseOptions } from 'node:http2'
import { refuseOverflow } from '../answer/refuse-midway.js'
import type { Http2Exchange } from '../exchange/http2-exchange.js'
import { continueForBeginning } from './early-success.js'

/** The listener of Node's compatibility API, which reads for the request. */
const OF_COMPATIBILITY = 'onStreamData'

export function guardStreamReading(exchange: Http2Exchange): void {
  const { stream } = exchange
  const others = [...stream.listeners('data'), ...stream.listeners('readable')]
  // A `stream` listener that runs before the one that makes the request.
  if (others.some(isReader)) {
    exchange.contentWanted()
    return
  }
  stream.on('newListener', (name: string | symbol, listener: object) => {
    if ((name === 'data' || name === 'readable') && isReader(listener)) exchange.contentWanted()
  })
  const { respond } = stream
  stream.respond = (fields?: OutgoingHttpHeaders, options?: ServerStreamResponseOptions) => {
    continueForBeginning(exchange, Number(fields?.[':status'] ?? 200))
    respond.call(stream, fields, options)
  }
}

/**
 * Content of undeclared length that is read from the stream: the request does not see it. What is over the limit is
 * not handed on, but for the piece that goes over it.
 */
export function guardStreamCounting(exchange: Http2Exchange): void {
  const { stream } = exchange
  stream.on('newListener', function counting(name: string | symbol, listener: object) {
    if ((name !== 'data' && name !== 'readable') || !isReader(listener)) return
    stream.off('newListener', counting)
    stream.prependListener('data', (piece: Uint8Array) => {
      exchange.contentReceived(piece.byteLength)
      if (!exchange.handedOn || !exchange.overLimit) return
      // Neither more of it nor an end: who reads sees the stream close when the answer is out.
      stream.push = () => true
      refuseOverflow(exchange)
    })
  })
}

function isReader(listener: object): boolean {
  return !('name' in listener && listener.name === OF_COMPATIBILITY)
}
