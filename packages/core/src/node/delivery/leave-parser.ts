// Bytes behind a request that nobody may parse: garbage, or what follows a close. They are read and
// dropped until the answer that is under way is out, so that the end and the error of the socket are
// heard; `linger.maxBytes` bounds them.

import type { Socket } from 'node:net'
import type { Connection, Reading } from '../connection/connection.js'
import { takeSocket } from '../connection/take-socket.js'

export function leaveParser(connection: Connection): void {
  connection.close()
  if (connection.reading === undefined) {
    takeSocket(
      connection,
      new Dropping(connection.socket, connection.server.policy.linger.maxBytes),
    )
  }
}

class Dropping implements Reading {
  #bytes = 0

  constructor(
    private readonly socket: Socket,
    private readonly maxBytes: number,
  ) {}

  received(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.maxBytes) this.socket.destroy()
  }

  /** As Node's server does at the end of a connection: what is under way goes out, nothing follows. */
  peerEnded(): void {
    this.socket.end()
  }
}
