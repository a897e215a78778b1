// Bytes behind a request that nobody may parse: garbage, or what follows a close. They are read and
// dropped until the answer that is under way is out, so that the end and the error of the socket are
// heard; `linger.maxBytes` bounds them.

import type { Socket } from 'node:net'
import type { Connection, Reading } from '../connection/connection.js'
import { takeSocket } from '../connection/take-socket.js'

/** @param peerEnded - As Node's server does it if left out: what is under way goes out, nothing follows. */
export function leaveParser(
  connection: Connection,
  peerEnded: () => void = () => connection.socket.end(),
): void {
  connection.close()
  if (connection.reading === undefined) {
    const { socket, server } = connection
    takeSocket(connection, new Dropping(socket, server.policy.linger.maxBytes, peerEnded))
  }
}

class Dropping implements Reading {
  #bytes = 0

  constructor(
    private readonly socket: Socket,
    private readonly maxBytes: number,
    readonly peerEnded: () => void,
  ) {}

  received(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.maxBytes) this.socket.destroy()
  }
}
