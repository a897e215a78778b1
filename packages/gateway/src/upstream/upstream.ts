// One request to one upstream, whichever version of HTTP it speaks. The relay knows this interface only.

import type { Readable } from 'node:stream'
import type { FieldLines } from '../fields/field-lines.js'

/** A head, ready to be written. Nothing in it was copied from the framing of the client. */
export interface UpstreamHead {
  readonly method: string
  readonly target: string
  readonly host: string
  /** Lines without `Host`, framing, `Connection` and `Expect`. */
  readonly lines: readonly string[]
  readonly content: OutgoingContent
  /** `Expect: 100-continue` goes with it. */
  readonly asks: boolean
  readonly takesTrailers: boolean
}

/** `none`: the head is all there is. A length is in bytes. */
export type OutgoingContent =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'unknown' }

export interface UpstreamAnswer {
  readonly status: number
  /** Reason phrase; empty on HTTP/2. */
  readonly phrase: string
  /** Lines as they came, hop-by-hop fields and all. */
  readonly lines: FieldLines
  readonly content: Readable
  /** Trailer lines; to be asked for when the content has ended. */
  trailers(): FieldLines
  /** Whether all of its content has come. */
  isWhole(): boolean
}

/** What can have gone wrong. */
export interface UpstreamFailure {
  /**
   * - `unreachable`: no connection came about; nothing was sent
   * - `stale`: a kept connection had died; nothing of an answer came
   * - `untouched`: the upstream says that it has not looked at the request
   * - `unsendable`: the version of HTTP cannot carry this head; no upstream would take it
   * - `broken`: anything else
   */
  readonly kind: 'unreachable' | 'stale' | 'untouched' | 'unsendable' | 'broken'
  readonly error: NodeJS.ErrnoException
}

export interface UpstreamListener {
  /** The head can be sent now, or has been. */
  connected(reused: boolean): void
  /** The head waits until another request on its connection is over; not told by every call, see `isQueued`. */
  queued(): void
  /** A 100 came. */
  continued(): void
  /** Another information response came. */
  informed(status: number, lines: FieldLines): void
  answered(answer: UpstreamAnswer): void
  /** Not after `answered`: then the content of the answer fails. */
  failed(failure: UpstreamFailure): void
  /** More content can be taken again. */
  drained(): void
}

export interface UpstreamCall {
  /** Others have every connection that there may be. */
  isQueued(): boolean
  /** Sends the head now, though no content is there to go with it. */
  flush(): void
  /** @returns Whether more can be taken at once. */
  write(chunk: Uint8Array): boolean
  end(trailers: FieldLines): void
  /** Nothing moved in time, as where the network is gone: later calls get another connection. */
  distrust(): void
  /** Gives the call up: its connection, or stream, serves nothing else. */
  drop(): void
}

export interface Upstream {
  /**
   * Begins a call; its listener is told in a later turn.
   *
   * @throws what Node or an agent throws while it connects: `beginCall` makes it a failure.
   */
  call(head: UpstreamHead, listener: UpstreamListener): UpstreamCall
}
