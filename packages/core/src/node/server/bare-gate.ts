// Where a bare server's gate answers: a view of the server whose only `request` listener is the
// answer. Emitting on it shows a request of this server to tracing, which wraps `emit`, and keeps the
// application's own listeners out. One for each server: deriving an object from the server costs more
// than the rest of a refusal.

import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { AttachableServer } from './attachment-types.js'

export function stageFor(
  server: AttachableServer,
  answer: (request: IncomingMessage) => void,
): EventEmitter {
  const view: AttachableServer = Object.create(server)
  Reflect.apply(EventEmitter, view, [])
  return EventEmitter.prototype.on.call(view, 'request', answer)
}
