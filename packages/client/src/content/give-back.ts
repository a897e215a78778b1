// What is not read to its end is given back: a stream that nobody reads any more holds a descriptor or a
// connection. Requests of a server are left alone, as one that is destroyed cannot be answered.
import { IncomingMessage } from 'node:http'
import { Http2ServerRequest } from 'node:http2'

/** A request of a server, or an answer that a client of Node got. */
export function isMessage(stream: unknown): stream is IncomingMessage | Http2ServerRequest {
  return stream instanceof IncomingMessage || stream instanceof Http2ServerRequest
}

function isRequest(stream: object): boolean {
  // Only an answer has a status.
  if (stream instanceof IncomingMessage) return stream.statusCode == null
  // A stream of an HTTP/2 server is the request and its answer in one.
  return stream instanceof Http2ServerRequest || 'respond' in stream
}

/** Never throws. */
export function giveBack(body: object): void {
  if (body instanceof ReadableStream) {
    body.cancel().catch(() => undefined)
  } else if ('destroy' in body && typeof body.destroy === 'function') {
    if (!isRequest(body)) body.destroy()
  } else if ('return' in body && typeof body.return === 'function') {
    // A generator holds what it was given. One that waits itself answers later, or never.
    const end = body.return.bind(body)
    Promise.resolve()
      .then(() => end())
      .catch(() => undefined)
  }
}
