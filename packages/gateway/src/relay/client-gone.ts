// When nobody waits for an answer any more. A response tells by `close`, but one that still stands behind
// another on its connection has no socket yet, and Node tells it nothing when the connection goes. Whoever
// comes when the client has left is told, too: something before it may have taken its time.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { Http2ServerResponse, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { clientHasLeft } from '@expectation/core/node'

/** One listener for each connection, however many requests were pipelined on it. */
const waiting = new WeakMap<Socket, Set<() => void>>()

/**
 * @param closed - Called in a later turn, and at times twice.
 * @returns Lets the connection go. The response may still tell: who is over must not mind.
 */
export function whenClosed(
  request: IncomingMessage,
  response: ServerResponse,
  closed: () => void,
): () => void {
  makeRoom(response)
  response.once('close', closed)
  if (response instanceof Http2ServerResponse) closeWhenReset(response.stream)
  if (clientHasLeft(request, response)) {
    process.nextTick(closed)
    return nothing
  }
  const queued = request.httpVersionMajor === 1 && response.socket === null
  return queued ? whenConnectionCloses(request.socket, closed) : nothing
}

/** Beside Sentry, a response of Fastify to @fastify/reply-from has the ten listeners that Node does not warn of. */
function makeRoom(response: ServerResponse): void {
  const limit = response.getMaxListeners()
  if (limit > 0) response.setMaxListeners(limit + 1)
}

function nothing(): void {}

/**
 * A stream that its client has reset without an error closes when all that came is read, and while an upstream
 * takes nothing nobody reads it.
 */
function closeWhenReset(stream: ServerHttp2Stream): void {
  const close = (): void => process.nextTick(() => stream.destroy())
  if (stream.aborted) close()
  else stream.once('aborted', close)
}

function whenConnectionCloses(socket: Socket, closed: () => void): () => void {
  const callbacks = waiting.get(socket) ?? begin(socket)
  callbacks.add(closed)
  return () => void callbacks.delete(closed)
}

function begin(socket: Socket): Set<() => void> {
  const callbacks = new Set<() => void>()
  waiting.set(socket, callbacks)
  socket.once('close', () => {
    for (const closed of [...callbacks]) closed()
  })
  return callbacks
}
