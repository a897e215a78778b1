// What the Node layer knows of a server: only what it uses, so that http, https and http2 all fit.

import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void

/** `node:http`, `node:https` and (secure or cleartext) `node:http2` servers. */
export interface AttachableServer extends EventEmitter {
  readonly listening?: boolean
  closeIdleConnections?(): void
}
