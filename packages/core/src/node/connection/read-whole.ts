// How a request is read that had to wait until its content was there whole. Node resumes the socket for whoever
// reads; here it may be paused for a later request, of which too much has come already. Law: who has all of his
// content resumes nothing.

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Connection } from './connection.js'

/** Its own `_read`: shared, since closures made for each request cost more. */
export function readWhole(this: IncomingMessage, size: number): void {
  const prototype: IncomingMessage = Object.getPrototypeOf(this)
  // An iterator that was left has taken the socket from the request.
  const socket: (Socket & { _paused?: boolean | undefined }) | null = this.socket
  const isLater = socket?.isPaused() === true && Connection.find(socket)?.latest?.complete === false
  if (socket === null || !isLater) {
    prototype._read.call(this, size)
    return
  }
  // A socket that waits for its own writes Node does not resume.
  const { _paused: given } = socket
  socket._paused = true
  prototype._read.call(this, size)
  socket._paused = given
}
