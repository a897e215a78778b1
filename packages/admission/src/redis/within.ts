// One deadline for one call. A stall of this very process is no slowness of the server: after one, the
// question may not have left yet, and the answer that lies in the socket is read only after timers.
// What comes after the deadline is told to `late`: a server that was paused still does what it was asked.

/** The store did not answer in time. */
export class StoreTimeout extends Error {
  override readonly name = 'StoreTimeout'
  readonly code = 'ERR_EXPECTATION_STORE_TIMEOUT'

  constructor(ms: number) {
    super(`The store of admission did not answer within ${ms} ms.`)
  }
}

/** Timers of a process that is merely busy are late by less. */
const STALL_MS = 10
/** What the server gets beyond its time after a stall. */
const AFTER_STALL_MS = 50

interface Waiting {
  /** Given the answer that came too late; a failure that comes too late is nothing. */
  readonly late?: (answer: unknown) => void
  /** Nobody waits for the answer: it does not keep the process. */
  readonly isBackground?: boolean
}

export function within(
  ms: number,
  ask: () => Promise<unknown>,
  { late, isBackground = false }: Waiting = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let over = false
    let turn: NodeJS.Immediate | undefined
    const expire = () => {
      over = true
      reject(new StoreTimeout(ms))
    }
    const due = performance.now() + ms
    let timer: NodeJS.Timeout | undefined
    const wait = (then: () => void, delayMs: number) => {
      timer = setTimeout(then, delayMs)
      if (isBackground) timer.unref()
    }
    wait(() => {
      // A timer that is late says that nothing of this process has run.
      const stalled = performance.now() - due > STALL_MS
      if (stalled) wait(readOnce, AFTER_STALL_MS)
      else readOnce()
    }, ms)
    // Timers run before sockets are read, immediates after; the first may be of the same turn.
    const readOnce = () => {
      turn = setImmediate(() => {
        turn = setImmediate(expire)
      })
    }
    const settle = (end: () => void) => {
      if (over) return
      over = true
      clearTimeout(timer)
      clearImmediate(turn)
      end()
    }
    ask().then(
      (answer) => (over ? late?.(answer) : settle(() => resolve(answer))),
      (error) => settle(() => reject(error)),
    )
  })
}
