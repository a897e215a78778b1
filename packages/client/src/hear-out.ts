// A server may answer, and close while content is still on its way. TCP then resets the connection,
// the next write fails, and Node destroys the socket although the kernel still holds the answer
// (nodejs/node#12339, #38467, #54366). Here a write that fails because the peer has gone stays
// pending while reading goes on, so the answer is read before the failure is believed.
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
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
/** Of such spans in turn, in each of which bytes came. */
const MOST_SPANS = 10
/** Of such spans in turn, in which the reader held what has come, and took none of it: five minutes. */
const MOST_HELD = 300

type Done = (error?: Error | null) => void

const heardOut = new WeakSet<Socket>()

/**
 * Makes a socket hear its peer out: a write that fails because the peer has closed stays pending until
 * reading has ended, at most until a second has passed without a byte. While the reader has paused the
 * socket, or leaves what was read where it is, time does not count, for at most five minutes. Back-pressure
 * meanwhile stops whoever writes.
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
  let held = 0
  let { bytesRead } = socket
  const look = (): void => {
    const silent = socket.bytesRead === bytesRead
    bytesRead = socket.bytesRead
    const waits = isHeld(socket)
    held = waits && silent ? held + 1 : 0
    spans = waits ? 0 : spans + 1
    const isOver = waits ? held === MOST_HELD : silent || spans === MOST_SPANS
    if (isOver) socket.destroy(error)
  }
  // What has come while the process was kept from running is read first.
  const timer = setInterval(() => setImmediate(look), SILENT_MS)
  // A reader that takes nothing does not keep the process; a socket that is being read does by itself.
  timer.unref()
  const onEnd = (): void => void socket.destroy()
  socket.once('end', onEnd)
  socket.once('close', () => {
    clearInterval(timer)
    socket.removeListener('end', onEnd)
    done(error)
  })
}

/** Does its reader take nothing, so that the rest stays in the kernel? */
function isHeld(socket: Socket): boolean {
  return socket.isPaused() || socket.readableLength > 0
}

/**
 * A write that failed is told after all was read (see above), unless nobody took it in time: what was read of
 * such a socket is a part.
 */
export function wasHeardOut(socket: Readable): boolean {
  const { errored }: { readonly errored: NodeJS.ErrnoException | null } = socket
  return errored?.syscall !== 'write' || socket.readableEnded
}
