// An exchange on an HTTP/2 stream. Nothing stands behind it: other streams live on whatever happens
// to this one (RFC 9113 section 8.1).

import type { IncomingMessage, ServerResponse } from 'node:http'
import { constants, type ServerHttp2Stream } from 'node:http2'
import { Exchange } from '../exchange.js'

/** Node's HTTP/2 compatibility API: the same request, with its stream. */
export type StreamRequest = IncomingMessage & { readonly stream: ServerHttp2Stream }

export function isStreamRequest(request: IncomingMessage): request is StreamRequest {
  return request.httpVersionMajor === 2
}

export class StreamExchange extends Exchange {
  readonly stream: ServerHttp2Stream
  private wasReset = false

  constructor(request: StreamRequest, response: ServerResponse, continueAlreadySent: boolean) {
    super(request, response, continueAlreadySent)
    this.stream = request.stream
  }

  override cut(): void {
    this.wasCut = true
    this.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  }

  override get carrierGone(): boolean {
    return this.stream.destroyed
  }

  /** Streams do not wait for one another. */
  override get itsTurn(): boolean {
    return true
  }

  /** Node ends a stream that the client resets, so that `writableFinished` alone tells nothing. */
  override get answered(): boolean {
    const { stream } = this
    return stream.headersSent && stream.writableFinished && !stream.aborted
  }

  /** Unread content costs nothing here: the stream is reset, and the connection goes on. */
  override get drainable(): boolean {
    return false
  }

  /** Node ends the request whenever the stream closes, whether or not END_STREAM has come. */
  override get endIsWhole(): boolean {
    const { stream, framing } = this
    if (framing.kind === 'length') return this.receivedBytes === framing.bytes
    return !this.wasReset && !stream.aborted && stream.rstCode === constants.NGHTTP2_NO_ERROR
  }

  /** The answer is whole and content is unread: RST_STREAM(NO_ERROR) (RFC 9113 section 8.1). */
  reset(): void {
    this.wasReset = true
    this.stream.close(constants.NGHTTP2_NO_ERROR)
  }

  protected override released(): void {}
}
