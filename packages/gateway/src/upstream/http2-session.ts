// The session of one HTTP/2 origin: made when it is first needed, shared by its streams, made anew when
// the upstream has closed it or says that it will (GOAWAY, RFC 9113 section 6.8). An idle session keeps
// no process alive, and is closed after a while.

import { type ClientHttp2Session, connect } from 'node:http2'
import type { ConnectionOptions } from 'node:tls'
import { RelayError } from '../relay/refusals.js'

export interface SessionOptions {
  readonly connectTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly tls: ConnectionOptions | undefined
}

export type FoundSession =
  | { readonly session: ClientHttp2Session; readonly reused: boolean; readonly error?: undefined }
  | { readonly error: NodeJS.ErrnoException }

/**
 * Node's 128 would reset the stream of an answer with more. The size of the list bounds it: 65 535 bytes,
 * of which each field takes 32 beside its text (RFC 9113 section 6.5.2).
 */
const MOST_FIELDS = 2048

type Waiting = (found: FoundSession) => void

export class SessionOfOrigin {
  #session: ClientHttp2Session | undefined
  #waiting: Waiting[] = []

  constructor(
    private readonly origin: string,
    private readonly options: SessionOptions,
  ) {}

  /** Calls back in a later turn. */
  get(tell: Waiting): void {
    const session = this.#session
    if (session !== undefined && !session.connecting && !session.closed && !session.destroyed) {
      process.nextTick(tell, { session, reused: true })
      return
    }
    this.#waiting.push(tell)
    if (session?.connecting !== true) this.#connect()
  }

  #connect(): void {
    const { tls, idleTimeoutMs, connectTimeoutMs } = this.options
    const session = connect(this.origin, {
      ...tls,
      maxHeaderListPairs: MOST_FIELDS,
      settings: { enablePush: false },
    })
    this.#session = session
    const late = setTimeout(() => {
      session.destroy(new RelayError('The upstream could not be connected in time.', 'ETIMEDOUT'))
    }, connectTimeoutMs)
    session.on('connect', () => {
      clearTimeout(late)
      this.#tell({ session, reused: false })
    })
    session.on('error', (error) => this.#lost(session, error))
    session.on('goaway', () => this.#forget(session))
    session.on('close', () => {
      clearTimeout(late)
      this.#lost(session, new RelayError('The upstream closed the session.', 'ECONNRESET'))
    })
    session.setTimeout(idleTimeoutMs, () => {
      // Streams that still wait are brought to their end first; they have bounds of their own.
      this.#forget(session)
      session.close()
    })
    session.unref()
  }

  #forget(session: ClientHttp2Session): void {
    if (this.#session === session) this.#session = undefined
  }

  #lost(session: ClientHttp2Session, error: NodeJS.ErrnoException): void {
    if (this.#session !== session) return
    this.#session = undefined
    this.#tell({ error })
  }

  #tell(found: FoundSession): void {
    for (const tell of this.#waiting.splice(0)) tell(found)
  }
}
