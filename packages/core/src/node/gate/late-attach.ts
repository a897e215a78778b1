// A gate was reached on a server that nobody had attached: its `request` listener hides the
// application, so `automatic.ts` could not know. From the next request on it is attached.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { warnOnce } from './advice/warn-once.js'
import { Attachment } from './attachment.js'
import type { AttachableServer } from './attachment-types.js'
import type { Exchange } from './exchange.js'
import { openExchange } from './open-exchange.js'

/** Node's HTTP servers leave themselves on the socket; other sockets have no server. */
type ServerSocket = Partial<IncomingMessage['socket']> & { readonly server?: AttachableServer }

/** Attaches the server that a request came to, if it is not yet, for a gate that it reached. */
export function attachmentOf(request: IncomingMessage): Attachment | undefined {
  const server = serverOf(request)
  return server === undefined ? undefined : Attachment.of(server)
}

/** `undefined` for a request without a server, such as one that a test injects. */
function serverOf(request: IncomingMessage): AttachableServer | undefined {
  const socket: ServerSocket | null = request.socket
  return socket?.server
}

export function adopt(request: IncomingMessage, response: ServerResponse): Exchange | undefined {
  const server = serverOf(request)
  if (server === undefined || request.complete) return undefined
  warnLate(request)
  return openExchange(Attachment.of(server), request, response, true)
}

function warnLate(request: IncomingMessage): void {
  if (request.headers.expect === undefined) return
  warnOnce(
    'EXPECTATION_WRN_LATE_ATTACH',
    'A request was answered 100 Continue by Node before the gate saw it, because the server hides ' +
      'its application behind another listener. Call attach(server) from @expectation/core/node ' +
      'when you create the server.',
  )
}
