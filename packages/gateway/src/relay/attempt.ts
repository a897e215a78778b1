// One upstream's turn: connect, ask, wait, hand over, wait for the answer. It tells what happened and
// decides nothing. One of its waits runs at a time, and each has a bound.

import type { FieldLines } from '../fields/field-lines.js'
import { RelayError } from '../refusals.js'
import { beginCall } from '../upstream/begin-call.js'
import type {
  Upstream,
  UpstreamAnswer,
  UpstreamCall,
  UpstreamFailure,
  UpstreamHead,
  UpstreamListener,
} from '../upstream/upstream.js'
import type { Wait } from '../wait.js'
import { MOST_INFORMATION } from './information.js'
import type { UpstreamEvent } from './next-step.js'
import type { AttemptRecord } from './record.js'

export interface AttemptPolicy {
  readonly connectTimeoutMs: number
  readonly continueTimeoutMs: number
  readonly responseTimeoutMs: number
  readonly idleTimeoutMs: number
}

/** An event, with what it came from. */
export interface Happening {
  readonly event: UpstreamEvent
  readonly answer?: UpstreamAnswer
  readonly error?: NodeJS.ErrnoException
}

export interface AttemptListener {
  /** The head is on its way. */
  connected(attempt: Attempt): void
  /** It was not asked, and can take the content. */
  ready(attempt: Attempt): void
  informed(status: number, lines: FieldLines): void
  happened(attempt: Attempt, happening: Happening): void
  drained(attempt: Attempt): void
}

export class Attempt implements UpstreamListener {
  readonly call: UpstreamCall
  /** It was asked and has not said anything yet; nothing of the content was sent. */
  asking: boolean
  /** It has the whole request. */
  whole = false
  #over = false
  #answered = false
  #informed = 0
  #queued = false

  constructor(
    upstream: Upstream,
    readonly head: UpstreamHead,
    readonly record: AttemptRecord,
    private readonly policy: AttemptPolicy,
    private readonly listener: AttemptListener,
    private readonly wait: Wait,
  ) {
    this.asking = head.asks
    this.#untilConnected(policy.connectTimeoutMs, 'The upstream could not be connected in time.')
    this.call = beginCall(upstream, head, this)
  }

  /** It gets the content from here on. */
  send(): void {
    this.asking = false
  }

  /** It has been handed the end of the content, or had nothing to be handed. */
  handedOver(): void {
    this.whole = true
    if (this.#answered || this.#over) return
    this.wait.begin(this.policy.responseTimeoutMs, () => {
      this.call.distrust()
      const error = new RelayError('The upstream did not answer in time.', 'ETIMEDOUT')
      this.#tell({ event: { kind: 'late' }, error })
    })
  }

  /** Gives it up; nothing more is told of it. */
  leave(): void {
    if (this.#over) return
    this.#over = true
    this.wait.stop()
    this.call.drop()
  }

  /** All is done; its connection may serve others. */
  finish(): void {
    this.#over = true
    this.wait.stop()
  }

  connected(reused: boolean): void {
    if (this.#over) return
    this.record.reused = reused
    this.wait.end()
    this.listener.connected(this)
    if (this.head.content.kind === 'none') {
      this.call.end([])
      this.handedOver()
    } else if (this.asking) {
      this.wait.begin(this.policy.continueTimeoutMs, () =>
        this.#tell({ event: { kind: 'silent' } }),
      )
    } else {
      this.listener.ready(this)
    }
  }

  /** Once: a session that ends meanwhile and the next one are one wait. */
  queued(): void {
    if (this.#over || this.#queued) return
    this.#queued = true
    this.#untilConnected(this.policy.idleTimeoutMs, 'The upstream had nothing free in time.')
  }

  /** A second 100 says nothing, and one that was not asked for neither. */
  continued(): void {
    if (this.#over || !this.#counted() || !this.asking) return
    this.#tell({ event: { kind: 'continue' } })
  }

  informed(status: number, lines: FieldLines): void {
    if (this.#over || !this.#counted()) return
    // An upstream that works on what it has may take no more for long, and say so.
    if (!this.asking && !this.whole) this.wait.moved()
    this.listener.informed(status, lines)
  }

  answered(answer: UpstreamAnswer): void {
    if (this.#over) return
    this.#answered = true
    const { status } = answer
    if (status >= 200 && status <= 599) {
      this.#tell({ event: { kind: 'answer', status }, answer })
    } else {
      const error = new RelayError(`The upstream answered with status ${status}.`, 'BAD_STATUS')
      this.#tell({ event: { kind: 'broken' }, error })
    }
  }

  failed({ kind, error }: UpstreamFailure): void {
    if (!this.#over) this.#tell({ event: { kind }, error })
  }

  drained(): void {
    if (!this.#over) this.listener.drained(this)
  }

  #untilConnected(ms: number, message: string): void {
    this.wait.begin(ms, () => {
      if (!this.#queued && this.call.isQueued()) {
        this.queued()
        return
      }
      const error = new RelayError(message, 'ETIMEDOUT')
      this.#tell({ event: { kind: 'unreachable' }, error })
    })
  }

  #counted(): boolean {
    this.#informed += 1
    if (this.#informed <= MOST_INFORMATION) return true
    const error = new RelayError('The upstream sent too many 1xx.', 'TOO_MANY_INTERIM')
    this.#tell({ event: { kind: 'broken' }, error })
    return false
  }

  #tell(happening: Happening): void {
    this.wait.end()
    this.listener.happened(this, happening)
  }
}
