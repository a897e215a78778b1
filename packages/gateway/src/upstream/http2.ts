// A call over HTTP/2, on `node:http2`: one stream of the session of its origin. Giving a stream up
// resets it and leaves the others of the session alone (RFC 9113 section 8.1). That goes by a signal:
// `close()` ends the content of a stream first, and where trailers are to follow it while the upstream
// resets the stream, too, Node 22 and 26 abort the process (nodejs/node#41458).

import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import { declaredLength } from '../fields/answer-fields.js'
import type { FieldLines } from '../fields/field-lines.js'
import { badFields, RelayError } from '../refusals.js'
import { StreamEnd } from './http2-end.js'
import { http2Fields, linesOf, trailerFields } from './http2-head.js'
import {
  type FoundSession,
  isGone,
  SessionOfOrigin,
  type SessionOptions,
  type Waiting,
} from './http2-session.js'
import type {
  Upstream,
  UpstreamAnswer,
  UpstreamCall,
  UpstreamFailure,
  UpstreamHead,
  UpstreamListener,
} from './upstream.js'

export function http2Upstream(origin: string, options: SessionOptions): Upstream {
  const sessions = new SessionOfOrigin(origin, options)
  return { call: (head, listener) => new Http2Call(sessions, head, listener) }
}

class Http2Call implements UpstreamCall, Waiting {
  #session: ClientHttp2Session | undefined
  #stream: ClientHttp2Stream | undefined
  #answered = false
  #over = false
  #trailers: FieldLines = []
  readonly #givenUp = new AbortController()

  constructor(
    private readonly sessions: SessionOfOrigin,
    private readonly head: UpstreamHead,
    private readonly listener: UpstreamListener,
  ) {
    sessions.get(this)
  }

  found(found: FoundSession): ClientHttp2Stream | undefined {
    if (this.#over) return undefined
    if (found.error !== undefined) this.#fail(found.error, 'unreachable')
    else this.#begin(found.session, found.reused)
    return this.#stream
  }

  queued(): void {
    this.listener.queued()
  }

  /** Told by `queued`. */
  isQueued(): boolean {
    return false
  }

  /** Node has sent it with the stream. */
  flush(): void {}

  write(chunk: Uint8Array): boolean {
    return this.#stream?.write(chunk) ?? false
  }

  end(trailers: FieldLines): void {
    this.#trailers = trailers
    this.#stream?.end()
  }

  distrust(): void {
    if (this.#session !== undefined) this.sessions.distrust(this.#session)
  }

  drop(): void {
    this.#over = true
    this.sessions.leave(this)
    this.#givenUp.abort()
  }

  #begin(session: ClientHttp2Session, reused: boolean): void {
    this.#session = session
    const hasContent = this.head.content.kind !== 'none'
    try {
      this.#stream = session.request(http2Fields(this.head), {
        endStream: !hasContent,
        waitForTrailers: hasContent,
        signal: this.#givenUp.signal,
      })
    } catch (error) {
      // Node refuses heads that HTTP/2 cannot carry; a session that is just closing throws too.
      const cause = error instanceof Error ? error : new Error(String(error))
      if (isGone(session)) this.#fail(cause, 'stale')
      else this.#fail(badFields(cause), 'unsendable')
      return
    }
    this.#listen(this.#stream, () => reused && isGone(session))
    this.listener.connected(reused)
  }

  #listen(stream: ClientHttp2Stream, isStale: () => boolean): void {
    const { listener } = this
    const end = new StreamEnd(stream)
    stream.on('continue', () => listener.continued())
    stream.on('headers', (headers) => {
      const status = Number(headers[':status'])
      if (status !== 100 && !this.#over) listener.informed(status, linesOf(headers))
    })
    stream.on('response', (headers) => this.#answer(stream, headers, end))
    stream.on('wantTrailers', () => sendTrailers(stream, this.#trailers))
    stream.on('drain', () => listener.drained())
    const fail = (error: Error): void => this.#fail(error, isStale() ? 'stale' : undefined)
    stream.on('error', fail)
    const reset = (): void => {
      if (this.#over || this.#answered) return
      const code = `RST_STREAM_${stream.rstCode}`
      fail(new RelayError('The upstream reset the stream.', code))
    }
    stream.on('close', reset)
    // A reset without an error closes the stream only when all was written, which nobody takes any more. An
    // answer before it is told first.
    stream.once('end', () => {
      if (!this.#answered) setImmediate(reset)
    })
  }

  #answer(stream: ClientHttp2Stream, headers: IncomingHttpHeaders, end: StreamEnd): void {
    if (this.#over) return
    this.#answered = true
    this.listener.answered(new Http2Answer(stream, headers, end))
  }

  #fail(error: NodeJS.ErrnoException, kind: UpstreamFailure['kind'] = 'broken'): void {
    if (this.#over || this.#answered) return
    this.#over = true
    const { sessions } = this
    const [session, stream] = [this.#session, this.#stream]
    const isUntouched = session && stream && sessions.isUntouched(session, stream)
    this.#givenUp.abort()
    this.listener.failed({ kind: isUntouched === true ? 'untouched' : kind, error })
  }
}

/** Node throws for what HTTP/2 cannot carry, and on a stream that is closing; out of this event it ends the process. */
function sendTrailers(stream: ClientHttp2Stream, lines: FieldLines): void {
  for (const fields of [trailerFields(lines), {}]) {
    try {
      // Node sends none as an empty DATA frame that ends the stream.
      stream.sendTrailers(fields)
      return
    } catch {
      // RFC 9110 section 6.5.1: trailer fields may be dropped. A stream that is closing tells it by itself.
    }
  }
}

class Http2Answer implements UpstreamAnswer {
  readonly status: number
  readonly phrase = ''
  readonly lines: FieldLines
  #trailers: FieldLines = []

  constructor(
    readonly content: ClientHttp2Stream,
    headers: IncomingHttpHeaders,
    private readonly end: StreamEnd,
  ) {
    this.status = Number(headers[':status'])
    this.lines = linesOf(headers)
    content.on('trailers', (trailers) => {
      this.#trailers = linesOf(trailers)
    })
  }

  trailers(): FieldLines {
    return this.#trailers
  }

  isWhole(): boolean {
    return this.end.isWhole(this.status, declaredLength(this.lines))
  }
}
