// The methods of a request and its response that the guards replace, as they were before: Node's own,
// a subclass's, or somebody's who wrapped them first. OVERRIDES.md lists them.
//
// Nearly all exchanges have the same, so they share one record. Asking for the prototype when a method
// is called instead leaves compiled code each time (V8 has no fast way for `Object.getPrototypeOf`).

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface OriginalMethods {
  _read(this: IncomingMessage, size: number): void
  push(this: IncomingMessage, chunk: unknown, encoding?: BufferEncoding): boolean
  resume(this: IncomingMessage): IncomingMessage
  _destroy(
    this: IncomingMessage,
    error: Error | null,
    callback: (error?: Error | null) => void,
  ): void
  writeHead(this: ServerResponse, ...head: readonly unknown[]): ServerResponse
  detachSocket(this: ServerResponse, socket: Socket): void
  /** Nothing on HTTP/1; whether it was written on HTTP/2. */
  writeContinue(this: ServerResponse, callback?: () => void): unknown
  write(this: ServerResponse, ...args: readonly unknown[]): boolean
  end(this: ServerResponse, ...args: readonly unknown[]): ServerResponse
  flushHeaders(this: ServerResponse): void
}

type RequestMethods = Pick<OriginalMethods, '_read' | 'push' | 'resume' | '_destroy'>
type ResponseMethods = Omit<OriginalMethods, keyof RequestMethods>

let latest: OriginalMethods | undefined

export function originalMethodsOf(
  request: RequestMethods,
  response: ResponseMethods,
): OriginalMethods {
  const { _read, push, resume, _destroy } = request
  const { writeHead, writeContinue, detachSocket, write, end, flushHeaders } = response
  if (
    latest?._read === _read &&
    latest.push === push &&
    latest.resume === resume &&
    latest._destroy === _destroy &&
    latest.writeHead === writeHead &&
    latest.writeContinue === writeContinue &&
    latest.detachSocket === detachSocket &&
    latest.write === write &&
    latest.end === end &&
    latest.flushHeaders === flushHeaders
  ) {
    return latest
  }
  const ofRequest = { _read, push, resume, _destroy }
  latest = { ...ofRequest, writeHead, writeContinue, detachSocket, write, end, flushHeaders }
  return latest
}
