// What the rest of the Node layer knows of a server: only what it uses, so that http, https and http2
// all fit.

import type { EventEmitter } from 'node:events'
import type { PolicyInForce } from '../../policy/in-force.js'
import type { Deadlines } from './deadlines.js'

/** `node:http`, `node:https` and (secure or cleartext) `node:http2` servers. */
export interface AttachableServer extends EventEmitter {
  readonly listening?: boolean
  /** Applications of Express and Koa emit, too, and have none. */
  close(callback?: (error?: Error) => void): unknown
  closeIdleConnections?(): void
}

/** The server of an exchange or a connection. */
export interface ServerContext {
  /** What holds where no gate has spoken for an exchange. */
  readonly policy: PolicyInForce
  /** Connections that linger, the longest first. */
  readonly lingers: Deadlines
  /** Everything else that has a deadline. */
  readonly waits: Deadlines
  /** The gate answers by itself: no framework turns errors into answers. */
  readonly answersItself: boolean
  /** `server.close()` was called. */
  readonly closed: boolean
  /** To be called once for each exchange, and again when it has settled. */
  exchangeOpened(): void
  exchangeSettled(): void
  /** `server.close()` is not heard of any more, unless somebody lingers already. */
  readonly detached: boolean
  /** A connection lingers no longer. */
  lingerOver(): void
}
