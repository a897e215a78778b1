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

  /** Unread content costs nothing here: the stream is reset, and the connection goes on. */
  override get drainable(): boolean {
    return false
  }

  /** Node ends the request when the stream closes, too, whether or not END_STREAM has come. */
  override get endIsWhole(): boolean {
    return this.stream.readableEnded
  }

  protected override released(): void {}
}
