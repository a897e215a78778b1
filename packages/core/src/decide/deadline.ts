// Bounds work in time and by the caller's interest. Whichever comes first settles the result; the
// timer and the listener are then gone, and what the work does later is dropped without a trace.

export interface Bounds<Result> {
  /** Milliseconds, at most 2^31 - 1. */
  readonly timeoutMs: number
  /** Aborts when the caller has lost interest. */
  readonly caller: AbortSignal | undefined
  /** Tells the work that nobody waits any more. */
  readonly abandon: (reason: unknown) => void
  /** Gives the reason to abandon the work with when time is up, and the result in its place. */
  readonly onTimeout: () => { readonly reason: unknown; readonly result: Result }
}

/**
 * @returns The work's own result or failure, or what `onTimeout` gives.
 * @throws The caller's abort reason, once it aborts.
 */
export function withinBounds<Result>(
  work: Promise<Result>,
  bounds: Bounds<Result>,
): Promise<Result> {
  const { caller } = bounds
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      release()
      const { reason, result } = bounds.onTimeout()
      resolve(result)
      bounds.abandon(reason)
    }, bounds.timeoutMs)
    caller?.addEventListener('abort', callerAborted)

    // Settling twice has no effect, and a late failure counts as caught: no unhandledRejection.
    work.then(
      (result) => {
        release()
        resolve(result)
      },
      (error: unknown) => {
        release()
        reject(error)
      },
    )
    // An abort that came before the listener is not told again.
    if (caller?.aborted) callerAborted()

    function callerAborted(): void {
      release()
      reject(caller?.reason)
      bounds.abandon(caller?.reason)
    }

    function release(): void {
      clearTimeout(timer)
      caller?.removeEventListener('abort', callerAborted)
    }
  })
}
