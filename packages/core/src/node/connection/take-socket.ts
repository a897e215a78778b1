// A socket, taken from Node's parser for good: the parser must not see another byte, since what
// follows would be dispatched. Law: whoever takes a socket goes on hearing its bytes, its end and its
// error, so that it never outlives its peer.

import type { Socket } from 'node:net'
import { setImmediate } from '../timers.js'
import { Connection, type Reading } from './connection.js'

const NOTHING = Buffer.alloc(0)

/** From here on what comes goes to `reading`, and the end of it too. */
export function takeSocket(connection: Connection, reading: Reading): void {
  const { socket } = connection
  const first = connection.reading === undefined
  connection.leftParser(reading)
  if (!first) return
  // A `data` listener also makes Node hand the socket back from its parser ("unconsume"). Ours comes before
  // the others go: V8 takes 5,000 instructions to delete the last listener of an event.
  replaceListeners(socket, 'data', heard, 'bound socketOnData')
  replaceListeners(socket, 'end', ended, 'bound socketOnEnd')
  // Node takes its own listener away before it emits `upgrade`; an error nobody hears ends the process.
  if (socket.listenerCount('error') === 0) socket.on('error', ignore)
  // Not before: in the midst of a segment, Node's parser still pauses the socket for content that nobody gets.
  setImmediate(readAgain, socket)
}

/**
 * Node's `data` and `end` listeners feed the parser, and finish it, which then reports the unread content as a parse
 * error.
 *
 * @param theirs - How Node's own is called.
 */
function replaceListeners(
  socket: Socket,
  name: 'data' | 'end',
  ours: (chunk: Buffer) => void,
  theirs: string,
): void {
  const others = socket.listeners(name)
  socket.on(name, ours)
  for (const other of others) if (isNamed(other, theirs)) socket.off(name, other as () => void)
}

/** V8 puts the name of a bound function together each time: only those are asked, which have no prototype. */
function isNamed(listener: object & { readonly name?: string }, name: string): boolean {
  return !Object.hasOwn(listener, 'prototype') && listener.name === name
}

function heard(this: Socket, chunk: Buffer): void {
  Connection.find(this)?.reading?.received(chunk.byteLength)
}

function ended(this: Socket): void {
  Connection.find(this)?.reading?.peerEnded()
}

/** `close` follows, and is heard. */
function ignore(): void {}

/**
 * When content came with the head, Node has stopped reading, and the stream still believes that a read
 * is under way: `resume()` alone would never read again. An empty push ends that read.
 */
function readAgain(socket: Socket): void {
  if (socket.destroyed) return
  socket.resume()
  socket.push(NOTHING)
}
