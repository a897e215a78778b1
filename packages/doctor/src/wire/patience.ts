// Every wait of a run, in milliseconds. All of them are upper bounds: an answer ends a wait at once.

export interface Patience {
  /** Name, TCP and TLS together. */
  readonly connectMs: number
  /** From a head that asks to a verdict. One second is what curl, Go and .NET wait before they send. */
  readonly verdictMs: number
  /** Behind the first piece of content: who decides from the head has answered by then. */
  readonly startMs: number
  /** Before the last piece: who does not wait for the whole has answered by then. */
  readonly holdMs: number
  /** From the last byte that was sent to the final answer. */
  readonly answerMs: number
  /** For the answer to a `GET` on a kept connection. */
  readonly nextMs: number
  /** For a connection to end behind an answer that did not say so. */
  readonly farewellMs: number
  /** For a connection to close that was half-closed. */
  readonly closeMs: number
}

export const DEFAULT_TIMEOUT_MS = 5_000

export function patienceOf(timeoutMs: number): Patience {
  return {
    connectMs: timeoutMs,
    verdictMs: 1_000,
    startMs: 300,
    holdMs: 1_000,
    answerMs: timeoutMs,
    nextMs: Math.min(timeoutMs, 2_000),
    farewellMs: 250,
    closeMs: 500,
  }
}
