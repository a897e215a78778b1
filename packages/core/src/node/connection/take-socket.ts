// A socket, taken from Node's parser for good: the parser must not see another byte, since what
// follows would be dispatched.

import type { Socket } from 'node:net'

const NOTHING = Buffer.alloc(0)

/** From here on what comes goes to `onData`, and the end of it to `onEnd`. */
export function takeFromParser(
  socket: Socket,
  onData: (this: Socket, chunk: Buffer) => void,
  onEnd: (this: Socket) => void,
): void {
  socket.removeAllListeners('data')
  for (const listener of socket.listeners('end')) {
    if (isOfParser(listener)) socket.off('end', listener as () => void)
  }
  // A `data` listener also makes Node hand the socket back from its parser ("unconsume").
  socket.on('data', onData)
  socket.on('end', onEnd)
  if (socket.timeout) socket.setTimeout(0)
}

/**
 * When content came with the head, Node has stopped reading, and the stream still believes that a read
 * is under way: `resume()` alone would never read again. An empty push ends that read.
 */
export function readAgain(socket: Socket): void {
  socket.resume()
  socket.push(NOTHING)
}

/**
 * Node's own listener, which would finish the parser, and find the message broken off. Bound functions
 * have no prototype: most others need not be asked for their names, which V8 has to put together.
 */
function isOfParser(listener: object & { readonly name?: string }): boolean {
  return !Object.hasOwn(listener, 'prototype') && listener.name === 'bound socketOnEnd'
}
