// What really happened to one exchange, told once, when nothing about it can change any more.
// A record of facts: no header values, no content, nothing that a log must not hold.

import type { Expectation } from '../parse/expect.js'
import type { RefusedBy } from '../refusal/refused-by.js'

/** What the gates decided; `none` when no gate saw the request (the application answered before). */
export type OutcomeDecision = 'none' | 'pass' | 'continue' | 'refuse'

/**
 * How the connection was left.
 * - `kept`: all content was received, the connection serves the next request
 * - `drained`: a small remainder was read and dropped, then kept (RFC 9112 section 9.3)
 * - `lingered`: half-closed after the answer, read on within bounds, then closed (RFC 9112 section 9.6)
 * - `closed`: closed with nothing left unread
 * - `cut`: destroyed without a complete answer, or without a linger where none is allowed
 * - `reset`: HTTP/2, the stream ended with RST_STREAM(NO_ERROR) after the answer
 */
export type ConnectionEnd = 'kept' | 'drained' | 'lingered' | 'closed' | 'cut' | 'reset'

/**
 * Why a linger ended: the client has closed, a bound of `linger` (`full` is `maxConcurrent`: the one that
 * has lingered longest makes room), the server closes, or the connection broke.
 */
export type LingerEnd = 'peer-closed' | 'idle' | 'total' | 'bytes' | 'full' | 'shutdown' | 'error'

/** One exchange with content or an expectation, after it has settled. */
export interface Outcome {
  readonly method: string
  /** Request target as received (RFC 9112 section 3.2), query included. */
  readonly target: string
  /** The route that took it, as the application wrote it; absent where nobody knows. */
  readonly route?: string
  readonly protocol: '1.0' | '1.1' | '2.0'
  readonly expectation: Expectation['kind']
  readonly decision: OutcomeDecision
  /** The rule that refused. */
  readonly by?: RefusedBy
  /** Final status; absent when no head was written. */
  readonly status?: number
  /** Slug of the refusal, when there was one. */
  readonly reason?: string
  /** Content bytes that the head announced; absent when it announced none or an unknown length. */
  readonly declaredBytes?: number
  /** Content bytes that the process received while the application owned the exchange. */
  readonly receivedBytes: number
  /** Content bytes read and dropped while lingering, so that the answer arrives. */
  readonly lingeredBytes: number
  /** Declared bytes that were never received; absent when the length was unknown. */
  readonly avoidedBytes?: number
  readonly continueSent: boolean
  /** Milliseconds from the head to the 100. */
  readonly continueAfterMs?: number
  /** With a 100-continue expectation: no content came before the 100 or the answer. */
  readonly clientWaited?: boolean
  /** Milliseconds from the head to the decision of the last gate. */
  readonly decisionMs?: number
  readonly connection: ConnectionEnd
  readonly lingerEnd?: LingerEnd
  /** The client left before it had the whole answer. */
  readonly clientGone: boolean
  /** Milliseconds from the head to the settlement. */
  readonly durationMs: number
}
