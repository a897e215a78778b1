// Node gives field values as Latin-1, one character a byte, and writes a head that goes with content so
// too. A head that goes alone, as `flushHeaders()` and `Expect` have it, it writes as UTF-8 (`_send('')`
// names no encoding), and a byte above 0x7f becomes two. So what goes by that way is told to be bytes.

import type { OutgoingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const NOTHING = Buffer.alloc(0)

/** Sends the head of a message alone, of one that may have content. */
export function flushHead(message: OutgoingMessage): void {
  message.write(NOTHING)
}

/** The same for one that may have none, whose `write` would make the head and keep it, or throw. */
export function flushBareHead(response: ServerResponse): void {
  const { socket, req } = response
  if (req.httpVersionMajor !== 1) response.flushHeaders()
  // One that waits for its turn has no socket yet.
  else if (socket !== null) asBytes(socket, () => response.flushHeaders())
}

/**
 * Runs what makes Node write a head alone on a socket, or the rest of the turn in which Node does it by
 * itself. Strings that others write on a socket that is theirs keep their encoding.
 */
export function asBytes(socket: Socket, write?: () => void): void {
  socket.setDefaultEncoding('latin1')
  const restore = (): void => void socket.setDefaultEncoding('utf8')
  if (write === undefined) {
    process.nextTick(restore)
  } else {
    write()
    restore()
  }
}
