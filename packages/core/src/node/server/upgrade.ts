// `Upgrade` (and CONNECT): Node takes the socket from the parser, with all its own listeners, and hands it
// to the application. Laws:
// - a 100 comes before the 101 (RFC 9110 section 7.8, R20), and only if a 101 comes: the listener decides
// - a handshake behind a close is not handed on; its socket is read and dropped like any other

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { parseFraming } from '../../head/framing.js'
import { readExpectation } from '../../head/head-facts.js'
import { Connection } from '../connection/connection.js'
import { CONTINUE_LINES } from '../connection/http1-exchange.js'
import { leaveParser } from '../delivery/leave-parser.js'
import { readRequestHead } from '../exchange/request-head.js'

const SWITCHING = 'HTTP/1.1 101'

/** `write` and `end` as they are called here: whatever was given is passed on. */
interface Writer {
  write(...args: unknown[]): boolean
  end(...args: unknown[]): Socket
}

export function continueBeforeUpgrade(request: IncomingMessage, socket: Socket): void {
  if (request.headers.expect === undefined) return
  const head = readRequestHead(request)
  const asks = readExpectation(head).kind === 'continue' && parseFraming(head).kind !== 'none'
  if (!asks) return
  const guarded: Writer = socket
  const { write, end } = guarded
  const decided = (first: unknown) => {
    guarded.write = write
    guarded.end = end
    if (begins(first)) write.call(socket, CONTINUE_LINES)
  }
  guarded.write = (...args) => {
    decided(args[0])
    return write.apply(socket, args)
  }
  guarded.end = (...args) => {
    decided(args[0])
    return end.apply(socket, args)
  }
}

function begins(chunk: unknown): boolean {
  if (typeof chunk === 'string') return chunk.startsWith(SWITCHING)
  return (
    chunk instanceof Uint8Array &&
    Buffer.from(chunk.subarray(0, SWITCHING.length)).toString('latin1') === SWITCHING
  )
}

/** @returns true: somebody takes care of it. */
export function takeUpgradeBehindClose(socket: Socket): true {
  const connection = Connection.find(socket)
  if (connection !== undefined) leaveParser(connection)
  return true
}
