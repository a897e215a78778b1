// A server may answer, and close while content is still on its way. TCP then resets the connection,
// the next write fails, and Node destroys the socket although the kernel still holds the answer
// (nodejs/node#12339, #38467, #54366). Here a write that fails because the peer has gone stays
// pending while reading goes on, so the answer is read before the failure is believed.
import type { Socket } from 'node:net'
import { OptionError } from './option-error.js'

/** What a write says when the peer has gone; macOS also EPROTOTYPE (nodejs/node#2382). */
const PEER_IS_GONE: ReadonlySet<string | undefined> = new Set([
  'EPIPE',
  'ECONNRESET',
  'ECONNABORTED',
  'EPROTOTYPE',
])

/** The peer has gone, so what is left to read lies in the kernel: this long without a byte is the end. */
const SILENT_MS = 1_000
/** A reader that takes the answer slowly is given this many such spans in all. */
const MOST_SPANS = 10

type Done = (error?: Error | null) => void

const heardOut = new WeakSet<Socket>()

/**
 * Makes a socket hear its peer out: a write that fails because the peer has closed stays pending until
 * reading has ended, at most until a second has passed without a byte. Back-pressure meanwhile stops
 * whoever writes.
 *
 * - When reading ends, the socket is destroyed. There is no `error` event then, because `end` has said
 *   everything: HTTP clients report an answer that is missing or cut (`ECONNRESET`, "socket hang up").
 *   Callbacks of the writes still get the error.
 * - When reading does not end, the socket is destroyed with the error of the write.
 * - A socket that fails in any other way, or has nothing left to read, fails as before.
 *
 * Works on `net.Socket` and `tls.TLSSocket`, once per socket however often it is called, and replaces
 * only `_write` and `_writev` of this one socket, which Node documents for implementers of streams.
 *
 * @returns the same socket
 * @throws {@link OptionError} when it is none
 */
export function hearOut<Given extends Socket>(socket: Given): Given {
  if (typeof socket?._write !== 'function') {
    const remedy = 'Give a net.Socket or a tls.TLSSocket.'
    throw new OptionError({ option: 'socket', received: socket, remedy })
  }
  if (heardOut.has(socket)) return socket
  heardOut.add(socket)
  const write = socket._write.bind(socket)
  socket._write = (chunk, encoding, done) => write(chunk, encoding, holding(socket, done))
  const writev = socket._writev?.bind(socket)
  if (writev !== undefined) {
    socket._writev = (chunks, done) => writev(chunks, holding(socket, done))
  }
  return socket
}

/** The callback of one write: what says that the peer has gone is told after reading. */
function holding(socket: Socket, done: Done): Done {
  return (error) => {
    if (error == null || !isGone(error) || !canRead(socket)) done(error)
    else endAfterReading(socket, error, done)
  }
}

export function isGone(error: NodeJS.ErrnoException): boolean {
  return PEER_IS_GONE.has(error.code)
}

function canRead(socket: Socket): boolean {
  return !socket.destroyed && socket.readable
}

function endAfterReading(socket: Socket, error: Error, done: Done): void {
  let spans = 0
  let bytesRead = socket.bytesRead
  const timer = setInterval(() => {
    spans += 1
    const silent = socket.bytesRead === bytesRead
    bytesRead = socket.bytesRead
    if (silent || spans === MOST_SPANS) socket.destroy(error)
  }, SILENT_MS)
  const onEnd = (): void => void socket.destroy()
  socket.once('end', onEnd)
  socket.once('close', () => {
    clearInterval(timer)
    socket.removeListener('end', onEnd)
    done(error)
  })
}
