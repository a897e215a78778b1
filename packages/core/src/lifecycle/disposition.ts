// What becomes of an HTTP/1 connection (RFC 9112 sections 9.3 and 9.6): decided twice for each
// exchange, from facts alone. At the final head it is what the response says; at the end of the
// response it is what is done. docs/wire-behaviour.md shows both functions as tables.

/** The most unread bytes that cost less to read than a new connection does (measured on loopback). */
export const DRAIN_BYTES = 65_536

/** What is known when the final head is written. */
export interface HeadDispositionFacts {
  /** The connection closes whatever this response says: an earlier decision, or bytes behind it. */
  readonly closing: boolean
  /** All content has come. */
  readonly received: boolean
  /** Somebody reads the content, and may have it. */
  readonly read: boolean
  /** The status is an error: a client that sees it, and the close, may stop sending (R10). */
  readonly refuses: boolean
  /** `Expect` is there: whether the content will come is not known (R9, R10). */
  readonly asks: boolean
  /** Declared bytes that have not come; `undefined`: unknown. */
  readonly remaining: number | undefined
  /** 401 or 407 of a scheme that authenticates the connection, such as NTLM. */
  readonly challenge: boolean
  /** `linger.maxBytes`. */
  readonly maxBytes: number
}

/**
 * - `keep`: the response says nothing of a close
 * - `drain`: the same, and content that nobody reads is read and dropped within bounds
 * - `close`: the response says `Connection: close`
 */
export type HeadDisposition = 'keep' | 'drain' | 'close'

export function dispositionAtHead(facts: HeadDispositionFacts): HeadDisposition {
  if (facts.closing) return 'close'
  if (facts.received || (facts.read && !facts.refuses)) return 'keep'
  // The handshake belongs to the connection: a close would end it, and the client would begin anew.
  if (facts.challenge) return (facts.remaining ?? 0) <= facts.maxBytes ? 'drain' : 'close'
  if (facts.asks || facts.remaining === undefined) return 'close'
  return facts.remaining <= DRAIN_BYTES ? 'drain' : 'close'
}

/** What is known when the response is whole and flushed. */
export interface EndDispositionFacts {
  /** The connection is gone. */
  readonly gone: boolean
  /** The response said `Connection: close`, or the connection is closing for another reason. */
  readonly closing: boolean
  readonly received: boolean
  readonly read: boolean
  /** Bytes came behind the content, and were not or will not be read. */
  readonly behind: boolean
  /** The client has said that this is its last request: nothing comes behind it. */
  readonly last: boolean
}

/**
 * - `keep`: the next request may be read
 * - `read`: somebody still reads; nothing is done before that is over
 * - `drain`: the rest is read and dropped, then the connection is kept
 * - `linger`: half-close, read and drop within bounds, close (RFC 9112 section 9.6)
 * - `close`: nothing is left to read, and nothing will come. A client that did not know of the close may
 *   have sent its next request already: a reset would take the rest of the answer with it.
 * - `cut`: there is nothing left to close
 */
export type EndDisposition = 'keep' | 'read' | 'drain' | 'linger' | 'close' | 'cut'

export function dispositionAtEnd(facts: EndDispositionFacts): EndDisposition {
  if (facts.gone) return 'cut'
  if (facts.received && !facts.closing) return 'keep'
  if (facts.received) return facts.last && !facts.behind ? 'close' : 'linger'
  if (facts.read) return 'read'
  return facts.closing ? 'linger' : 'drain'
}
