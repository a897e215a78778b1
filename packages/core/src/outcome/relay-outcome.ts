// What really happened to a request that a gateway carried to an upstream. Here, and not in the
// gateway, so that metrics can read it without depending on the gateway.

/** Name of the diagnostics channel on which each {@link RelayOutcome} is published. */
export const RELAY_CHANNEL = 'expectation:relay'

/**
 * The first thing that an upstream said:
 * - `continue`: 100, before any content was sent to it
 * - `refused`: a status of 400 or more while no content had been read
 * - `answered`: any other final answer
 * - `silent`: nothing in `continueTimeoutMs`
 * - `failed`: it could not be reached, broke off, or gave no answer in time
 */
export type RelayVerdict = 'continue' | 'refused' | 'answered' | 'silent' | 'failed'

/** One upstream that was tried for a request. */
export interface RelayAttempt {
  /** Its origin, such as `http://storage-1:9000`. */
  readonly upstream: string
  /** It was asked: `Expect: 100-continue` went with the head. */
  readonly asked: boolean
  readonly verdict: RelayVerdict
  /** Status of its final answer; absent when it gave none. */
  readonly status?: number
  /** Milliseconds from the attempt's begin to the verdict. */
  readonly verdictMs: number
  /** On a connection that had been kept from an earlier request. */
  readonly reused: boolean
  /** Node's or the gateway's code of what failed, such as `ECONNREFUSED`. */
  readonly code?: string
}

/** Published once for each request that a gateway relayed, or tried to. */
export interface RelayOutcome {
  /** Node's request. */
  readonly request: object
  readonly method: string
  /** Path of the target, without its query: queries carry tokens. */
  readonly path: string
  /** Origin of the upstream whose answer was relayed; absent when none was. */
  readonly upstream?: string
  readonly attempts: readonly RelayAttempt[]
  /** A content byte was read: from there on no other upstream could take the request. */
  readonly spent: boolean
  /** Content bytes sent to upstreams. */
  readonly contentBytes: number
  /** Declared content bytes that were never sent on; absent when no length was declared. */
  readonly sparedBytes?: number
  /** Status of the answer to the client; absent when the client left before one was begun. */
  readonly status?: number
  /** Reason of the gateway's own refusal. */
  readonly reason?: string
  /** The client left before it had the whole answer. */
  readonly clientGone: boolean
  readonly durationMs: number
}
