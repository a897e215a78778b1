// Whether the answer on an HTTP/2 stream came to its end: END_STREAM says so (RFC 9113 section 8.1). Node ends the
// content, by `push(null)`, also where the stream was reset without an error, which has closed it by then, and where
// the connection is gone, which has destroyed it.

import { type ClientHttp2Stream, constants } from 'node:http2'

const { NGHTTP2_NO_ERROR } = constants

type End = 'none' | 'END_STREAM' | 'reset without an error'

export class StreamEnd {
  #end: End = 'none'
  #bytes = 0

  /** Before anything has come: Node tells of a head later than of the frames that came with it. */
  constructor(stream: ClientHttp2Stream) {
    const { push } = stream
    stream.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
      if (chunk instanceof Uint8Array) this.#bytes += chunk.byteLength
      else if (chunk === null && this.#end === 'none') this.#end = endOf(stream)
      return push.call(stream, chunk, encoding)
    }
  }

  /**
   * A server of Node that ends a refusal and resets the stream at once leaves END_STREAM out. One that gives up half
   * an answer does the same: without a length, only what was not asked for may be taken for whole.
   */
  isWhole(status: number, length: number | undefined): boolean {
    if (this.#end !== 'reset without an error') return this.#end === 'END_STREAM'
    return length === undefined ? status >= 300 : length === this.#bytes
  }
}

function endOf({ closed, destroyed, rstCode }: ClientHttp2Stream): End {
  if (destroyed || (closed && rstCode !== NGHTTP2_NO_ERROR)) return 'none'
  return closed ? 'reset without an error' : 'END_STREAM'
}
