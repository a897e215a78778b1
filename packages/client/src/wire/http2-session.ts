// The session of one origin, and whose turn it is: as many streams at once as the server takes (RFC 9113
// section 5.1.2). Node takes every request at once and keeps back those above that number without a word, so
// nobody knew when a head leaves. Here they wait, first come, first served, until a stream is free.
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2'
import type { Socket } from 'node:net'

const IDLE_SESSION_MS = 5_000
/**
 * Half of the first window of a connection, in bytes (RFC 9113 section 6.9.2): by then who gives it back has done
 * so. Content that is refused counts, too (section 6.9); HAProxy 2.6 does not give it back.
 */
const LEAST_WINDOW = 32_768

/** A request that waits for its stream. Neither is called after `leave()`. */
export interface Turn {
  /** Opens its stream now, or not at all. Never throws. */
  open(): void
  /** The session takes no new streams any more. */
  gone(): void
}

export class Http2Session {
  /** What the server takes at once; its first frame says it (section 3.4), and until then it is one. */
  #most: number | undefined
  #open = 0
  readonly #waiting = new Set<Turn>()
  #distrusted = false
  /** Content was refused, or broken off. */
  #refused = false
  /** From the end of the last stream on, which Node's timeout of a session does not look at. */
  readonly #idle: NodeJS.Timeout

  constructor(
    private readonly session: ClientHttp2Session,
    private readonly socket: Socket,
  ) {
    session.on('error', () => undefined)
    session.unref()
    this.#idle = setTimeout(() => this.#idled(), IDLE_SESSION_MS).unref()
    socket.once('close', () => clearTimeout(this.#idle))
    session.on('remoteSettings', ({ maxConcurrentStreams }) => {
      this.#most = maxConcurrentStreams ?? Number.POSITIVE_INFINITY
      this.#next()
    })
    session.once('goaway', () => {
      session.close()
      this.#gone()
    })
    session.once('close', () => this.#gone())
  }

  /** Does it take new requests? */
  get usable(): boolean {
    return !this.#distrusted && this.#live && !this.#usedUp
  }

  /** The server has refused content, and not given back the window for it: more would wait for ever. */
  get #usedUp(): boolean {
    if (!this.#refused) return false
    return (this.session.state.remoteWindowSize ?? LEAST_WINDOW) < LEAST_WINDOW
  }

  get #live(): boolean {
    return !this.session.closed && !this.session.destroyed
  }

  /** Are there others, whose end leaves a stream free? Not while the server has said nothing at all. */
  get busy(): boolean {
    return this.#open > 0 && this.#most !== undefined
  }

  /** At once where a stream is free. */
  enter(turn: Turn): void {
    this.#waiting.add(turn)
    this.#next()
  }

  leave(turn: Turn): void {
    this.#waiting.delete(turn)
  }

  /**
   * Called by a turn. Throws what Node does.
   *
   * @param signal - Resets the stream, and what was written of its content stays without an end.
   */
  request(headers: OutgoingHttpHeaders, signal: AbortSignal): ClientHttp2Stream {
    const stream = this.session.request(headers, { endStream: false, signal })
    this.#open += 1
    this.session.ref()
    stream.once('response', ({ ':status': status = 0 }) => {
      if (status >= 300) this.#refused = true
    })
    stream.once('close', () => {
      this.#open -= 1
      if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) this.#refused = true
      // An idle session does not keep the process.
      if (this.#open === 0) {
        this.session.unref()
        // A timer that was cleared would begin anew, too.
        if (!this.socket.destroyed) this.#idle.refresh()
      }
      this.#next()
    })
    return stream
  }

  /**
   * Nothing moved on it for too long, as where the network has gone without a word: requests that come from now
   * on go elsewhere. Those that are here may be lucky, as a stream can be late alone.
   */
  distrust(): void {
    this.#distrusted = true
  }

  #idled(): void {
    if (this.#open > 0 || this.socket.destroyed) return
    // A peer that is gone does not close its side, nor take what is still to be written.
    if (this.session.closed) this.socket.destroy()
    else this.session.close()
    this.#idle.refresh()
  }

  #next(): void {
    for (const turn of this.#waiting) {
      if (this.#open >= (this.#most ?? 1) || !this.#live) return
      this.#waiting.delete(turn)
      turn.open()
    }
  }

  #gone(): void {
    for (const turn of this.#waiting) {
      this.#waiting.delete(turn)
      turn.gone()
    }
  }
}
