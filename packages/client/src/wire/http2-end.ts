// Whether an answer of HTTP/2 came to its end. It is complete with END_STREAM (RFC 9113 section 8.1), and
// Node does not tell it: what can be read of a stream ends when the connection does, too, and `aborted` and
// `rstCode` speak of the request as well.
import http2, { type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'

const { NGHTTP2_NO_ERROR } = http2.constants

/**
 * Node ends what can be read by `push(null)`, as whoever implements a stream does: for END_STREAM while the
 * stream is not closed, else after it was closed or destroyed.
 */
export class EndWatch {
  #end: 'none' | 'END_STREAM' | 'reset without an error' = 'none'
  #bytes = 0

  constructor(stream: ClientHttp2Stream) {
    const push = stream.push.bind(stream)
    stream.push = (piece: unknown, encoding?: BufferEncoding): boolean => {
      if (piece instanceof Uint8Array) this.#bytes += piece.byteLength
      else if (piece === null && this.#end === 'none') this.#end = endOf(stream)
      return push(piece, encoding)
    }
  }

  /**
   * Servers that end an early refusal and reset the stream at once, without an error, leave END_STREAM out
   * where they are of Node: an end, unless `Content-Length` says that content is missing. A handler of Node that
   * gives up half-way does the same, so content that was asked for and has no length counts as half.
   */
  isWhole(headers: IncomingHttpHeaders): boolean {
    if (this.#end !== 'reset without an error') return this.#end === 'END_STREAM'
    const length = headers['content-length']
    return length === undefined ? Number(headers[':status']) >= 300 : Number(length) === this.#bytes
  }
}

function endOf(stream: ClientHttp2Stream) {
  if (stream.destroyed) return 'none'
  if (!stream.closed) return 'END_STREAM'
  return stream.rstCode === NGHTTP2_NO_ERROR ? 'reset without an error' : 'none'
}
