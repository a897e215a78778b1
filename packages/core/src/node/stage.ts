// Where a bare server's gate answers: a view of the server whose only `request` listener is the
// answer. Emitting on it shows a request of this server to tracing, which wraps `emit`, and keeps the
// application's own listeners out.
//
// One for each server: to derive an object from the server for every refusal costs a third of it.

import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { AttachableServer } from './attachment-types.js'

export class Stage {
  readonly view: EventEmitter
  readonly #answers = new WeakMap<IncomingMessage, () => void>()

  constructor(server: AttachableServer) {
    this.view = Object.create(server)
    Reflect.apply(EventEmitter, this.view, [])
    EventEmitter.prototype.on.call(this.view, 'request', (request: IncomingMessage) => {
      this.#answers.get(request)?.()
    })
  }

  /** From now on a `request` event on the view answers this request. */
  prepare(request: IncomingMessage, answer: () => void): void {
    this.#answers.set(request, answer)
  }
}
