// An application that takes the HTTP/2 stream of a request that asks for a 100, and reads or answers there,
// past Node's compatibility API (`request.stream`, a `stream` listener). Law: whoever reads wants the content,
// whichever of the two objects is read (law 2).

import type { OutgoingHttpHeaders } from 'node:http'
import type { ServerStreamResponseOptions } from 'node:http2'
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

function isReader(listener: object): boolean {
  return !('name' in listener && listener.name === OF_COMPATIBILITY)
}
