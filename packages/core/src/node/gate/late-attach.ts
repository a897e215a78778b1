// A gate was reached on a server that nobody had attached: its `request` listener hides the
// application, so that the server could not be found before. From the next request on it is attached.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { OptionError } from '../../validation/option-error.js'
import { warnOnce } from '../advice/warn-once.js'
import type { Exchange } from '../exchange/exchange.js'
import type { AttachableServer } from '../exchange/server-context.js'
import { AttachedServer } from '../server/attached-server.js'
import { openExchange } from '../server/open-exchange.js'

/** Node's HTTP servers leave themselves on the socket; other sockets have no server. */
type ServerSocket = Partial<IncomingMessage['socket']> & {
  readonly server?: AttachableServer | null
}

/** @param attachNow - Attach the server that a request came to, if it is not yet. */
export function attachedServerOf(
  request: IncomingMessage,
  attachNow: boolean,
): AttachedServer | undefined {
  const server = serverOf(request)
  if (server === undefined) return undefined
  return attachNow ? AttachedServer.of(server) : AttachedServer.find(server)
}

/**
 * `undefined` for a request without a server, such as one that a test injects. A socket that no server has accepted
 * says `null`.
 */
function serverOf(request: IncomingMessage): AttachableServer | undefined {
  const socket: ServerSocket | null = request.socket
  return socket?.server ?? undefined
}

export function attachLate(
  request: IncomingMessage,
  response: ServerResponse,
): Exchange | undefined {
  const server = serverOf(request)
  if (server === undefined) return undefined
  const attached = AttachedServer.of(server)
  attached.isKept = true
  // Its answer may be under way in Node's own hands.
  if (request.complete) return undefined
  requireNode(request)
  warnLate(request)
  return openExchange(attached, request, response, true)
}

/** A framework's own request would be listened to as if it were Node's: in vain, and with errors that nobody catches. */
function requireNode(request: Partial<IncomingMessage>): void {
  if (typeof request.listenerCount === 'function') return
  const remedy =
    "Give Node's own request and response. Koa and Fastify have packages of their own: @expectation/koa, " +
    '@expectation/fastify.'
  throw new OptionError({ option: 'request', received: request, remedy })
}

function warnLate(request: IncomingMessage): void {
  if (request.headers.expect === undefined) return
  warnOnce(
    'EXPECTATION_WRN_LATE_ATTACH',
    'A request was answered 100 Continue by Node before the gate saw it, because the server was not ' +
      'known to hold one. Call attach(server) from @expectation/core/node when you create the server.',
  )
}
