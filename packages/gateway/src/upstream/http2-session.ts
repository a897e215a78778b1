// The session of one HTTP/2 origin: made when it is first needed, shared by its streams, made anew when
// the upstream has closed it or says that it will (GOAWAY, RFC 9113 section 6.8). An idle session keeps
// no process alive, and is closed after a while. Laws:
// - no more streams are begun than the upstream lets be open (RFC 9113 section 5.1.2). Node would take more and
//   keep their heads, which looks like silence
// - one on which nothing moved in time gets no new stream, as the network may be gone without a word
// - nor does one whose window the upstream has not given back for content that it refused: it would take no more

import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2'
import type { ConnectionOptions } from 'node:tls'
import { RelayError } from '../refusals.js'
import { Wait } from '../wait.js'
import { errorOf } from './begin-call.js'

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

/**
 * Half of the first window of a connection, in bytes (RFC 9113 section 6.9.2): by then who gives it back has done
 * so. Content that is refused counts, too (section 6.9); HAProxy 2.6 does not give it back.
 */
const LEAST_WINDOW = 32_768

export interface Waiting {
  /** @returns The stream that was begun, if one was. */
  found(found: FoundSession): ClientHttp2Stream | undefined
  /** There is a session, whose streams are all taken. Told once at least. */
  queued(): void
}

interface Known {
  readonly session: ClientHttp2Session
  /** Its streams that are not closed. */
  open: number
  /** How many may be open: one, until the upstream has said (RFC 9113 section 3.4). */
  most: number
  distrusted: boolean
  /** Content for it was refused, or broken off. */
  refused: boolean
}

export class SessionOfOrigin {
  #known: Known | undefined
  /** The last stream that the upstream has looked at, of sessions on which it said so. */
  readonly #lastSeen = new WeakMap<ClientHttp2Session, number>()
  readonly #waiting = new Set<Waiting>()

  constructor(
    private readonly origin: string,
    private readonly options: SessionOptions,
  ) {}

  /** Calls back in a later turn, unless it is left before. */
  get(waiting: Waiting): void {
    this.#waiting.add(waiting)
    process.nextTick(() => {
      this.#serve(true)
      if (this.#known?.session.connecting === false && this.#waiting.has(waiting)) waiting.queued()
    })
  }

  leave(waiting: Waiting): void {
    this.#waiting.delete(waiting)
  }

  /** The upstream says that it has not looked at this stream (RFC 9113 sections 6.8 and 8.7). */
  isUntouched(session: ClientHttp2Session, { id, rstCode }: ClientHttp2Stream): boolean {
    if (rstCode === constants.NGHTTP2_REFUSED_STREAM) return true
    const last = this.#lastSeen.get(session)
    return last !== undefined && id !== undefined && id > last
  }

  /** Streams that are on it may be lucky, as one can be late alone; the last of them ends it. */
  distrust(session: ClientHttp2Session): void {
    const known = this.#known
    if (known?.session !== session) return
    known.distrusted = true
    this.#forget(session)
  }

  /** In the order in which they came, as many as may be open. */
  #serve(reused: boolean): void {
    const known = this.#known
    if (this.#waiting.size === 0 || known?.session.connecting === true) return
    if (known === undefined || isGone(known.session) || isUsedUp(known)) {
      this.#connect()
      if (known !== undefined) endIdle(known)
      return
    }
    // Whoever is told may come again at once: that is for a later turn.
    for (const waiting of [...this.#waiting]) {
      if (known.open >= known.most) return
      if (!this.#waiting.delete(waiting)) continue
      const stream = waiting.found({ session: known.session, reused })
      if (stream !== undefined) this.#count(known, stream)
    }
  }

  #count(known: Known, stream: ClientHttp2Stream): void {
    known.open += 1
    const hasContent = !stream.writableEnded
    if (hasContent) {
      stream.once('response', ({ ':status': status = 0 }) => {
        if (status >= 300) known.refused = true
      })
    }
    stream.once('close', () => {
      known.open -= 1
      if (hasContent && stream.rstCode !== constants.NGHTTP2_NO_ERROR) known.refused = true
      if (this.#known === known) this.#serve(true)
      else endIdle(known)
    })
  }

  #connect(): void {
    const { tls, connectTimeoutMs } = this.options
    let session: ClientHttp2Session
    try {
      session = connect(this.origin, {
        ...tls,
        maxHeaderListPairs: MOST_FIELDS,
        settings: { enablePush: false },
      })
    } catch (error) {
      this.#fail(errorOf(error))
      return
    }
    const known = { session, open: 0, most: 1, distrusted: false, refused: false }
    this.#known = known
    const connecting = new Wait()
    connecting.begin(connectTimeoutMs, () => {
      session.destroy(new RelayError('The upstream could not be connected in time.', 'ETIMEDOUT'))
    })
    session.on('connect', () => {
      connecting.stop()
      this.#connected(known)
    })
    session.on('remoteSettings', ({ maxConcurrentStreams }) => {
      known.most = maxConcurrentStreams ?? Number.POSITIVE_INFINITY
      if (this.#known === known) this.#serve(true)
    })
    session.on('error', (error) => this.#lost(session, error))
    session.on('goaway', (_code, last) => {
      this.#lastSeen.set(session, last)
      this.#forget(session)
    })
    session.on('close', () => {
      connecting.stop()
      this.#lost(session, new RelayError('The upstream closed the session.', 'ECONNRESET'))
    })
    session.unref()
  }

  #connected(known: Known): void {
    const { session } = known
    // Streams that still wait are brought to their end first; they have bounds of their own.
    session.setTimeout(this.options.idleTimeoutMs, () => {
      if (known.open > 0) this.distrust(session)
      this.#forget(session)
      if (known.open === 0) session.close()
    })
    this.#serve(false)
    for (const waiting of this.#waiting) waiting.queued()
  }

  /** Who waits for a stream gets one of the next session. */
  #forget(session: ClientHttp2Session): void {
    if (this.#known?.session !== session) return
    this.#known = undefined
    this.#serve(false)
  }

  #lost(session: ClientHttp2Session, error: NodeJS.ErrnoException): void {
    if (this.#known?.session !== session) return
    if (session.connecting) this.#fail(error)
    else this.#forget(session)
  }

  #fail(error: NodeJS.ErrnoException): void {
    this.#known = undefined
    const told = [...this.#waiting]
    this.#waiting.clear()
    for (const waiting of told) waiting.found({ error })
  }
}

function isUsedUp({ session, refused }: Known): boolean {
  return refused && (session.state.remoteWindowSize ?? LEAST_WINDOW) < LEAST_WINDOW
}

/** Nobody comes to it any more: its last stream ends it. */
function endIdle({ session, open, distrusted }: Known): void {
  if (open > 0) return
  // `close()` would wait for a peer that is gone.
  if (distrusted) session.destroy()
  else session.close()
}

export function isGone(session: ClientHttp2Session): boolean {
  return session.closed || session.destroyed
}
