// The methods of a request and its response that the guards override, as they were before: Node's own,
// a subclass's, or somebody's who wrapped them first.
//
// Nearly all exchanges have the same, so they share one record. Asking for the prototype when a method
// is called instead leaves compiled code each time (V8 has no fast way for `Object.getPrototypeOf`).

import type { IncomingMessage, ServerResponse } from 'node:http'

export interface PlainMethods {
  _read(this: IncomingMessage, size: number): void
  push(this: IncomingMessage, chunk: unknown, encoding?: BufferEncoding): boolean
  resume(this: IncomingMessage): IncomingMessage
  _destroy(
    this: IncomingMessage,
    error: Error | null,
    callback: (error?: Error | null) => void,
  ): void
  writeHead(this: ServerResponse, ...head: readonly unknown[]): ServerResponse
  writeContinue(this: ServerResponse): void
}

type RequestMethods = Pick<PlainMethods, '_read' | 'push' | 'resume' | '_destroy'>
type ResponseMethods = Pick<PlainMethods, 'writeHead' | 'writeContinue'>

let latest: PlainMethods | undefined

export function plainMethodsOf(request: RequestMethods, response: ResponseMethods): PlainMethods {
  const { _read, push, resume, _destroy } = request
  const { writeHead, writeContinue } = response
  if (
    latest?._read === _read &&
    latest.push === push &&
    latest.resume === resume &&
    latest._destroy === _destroy &&
    latest.writeHead === writeHead &&
    latest.writeContinue === writeContinue
  ) {
    return latest
  }
  latest = { _read, push, resume, _destroy, writeHead, writeContinue }
  return latest
}
