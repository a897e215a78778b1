// `Upgrade` together with an expectation: the 100 has to come before the 101 (RFC 9110 section 7.8,
// R20). Node hands the socket to `upgrade` listeners and sends none, so a client that waits with its
// content would wait for ever. A handshake without content, such as WebSocket's, is left alone.

import type { IncomingMessage } from 'node:http'
import type { Writable } from 'node:stream'
import { parseFraming } from '../../head/framing.js'
import { readExpectation } from '../../parse/expect.js'
import { readRequestHead } from '../request-head.js'

export function continueBeforeUpgrade(request: IncomingMessage, socket: Writable): void {
  if (request.headers.expect === undefined) return
  const head = readRequestHead(request)
  const owed = readExpectation(head).kind === 'continue' && parseFraming(head).kind !== 'none'
  if (owed && socket.writable) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
}
