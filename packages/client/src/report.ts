// What became of an upload: one report per request that was made, with the bytes that left for it.
import { inspect } from 'node:util'
import { tell } from './tell.js'

/** Why a request was made. */
export type AttemptReason = 'first' | 'retry' | 'without_expect' | 'redirect' | 'authorized'

/** What was said to the question whether content is wanted. */
export type Verdict =
  /** Not asked. */
  | 'none'
  /** 100: send it. */
  | 'continue'
  /** A final answer in place of the 100. */
  | 'answer'
  /** Nothing in time, so content was sent. */
  | 'silence'

export interface AttemptReport {
  readonly url: string
  readonly reason: AttemptReason
  readonly protocol: 'http/1.1' | 'h2'
  /** Was it sent with `Expect: 100-continue`? */
  readonly asked: boolean
  readonly verdict: Verdict
  /** Status of the answer, where there was one. */
  readonly status: number | undefined
  /** Code of what went wrong, where there was no answer: one of `UploadError`. */
  readonly error: string | undefined
  /** Content bytes that left the socket, not what was handed to Node. */
  readonly sentBytes: number
  /** How long it is waited before the next one, where this one is tried again. */
  readonly retryInMs: number | undefined
}

export interface UploadReport {
  readonly attempts: readonly AttemptReport[]
  /** Content bytes that left in all attempts. */
  readonly sentBytes: number
  /** Content bytes of the body, where known. */
  readonly contentBytes: number | undefined
}

/** What an attempt knows of itself. */
interface Reported {
  readonly asked: boolean
  readonly protocol: 'http/1.1' | 'h2'
  readonly verdict: Verdict
  readonly sentBytes: number
  readonly status: number | undefined
  readonly error: string | undefined
}

type Known = Pick<AttemptReport, 'url' | 'reason'>

/**
 * A chain, as most uploads are one attempt. V8 puts arrays of a place in the code whose arrays have often
 * lived long into the old generation at once, where each keeps its whole upload until the next full
 * collection: with one array for each upload, collecting took three times as long.
 */
export class Reports implements UploadReport {
  contentBytes: number | undefined
  #latest: LiveReport | undefined
  #onAttempt: ((report: AttemptReport) => unknown) | undefined

  /** How many there are. */
  get count(): number {
    return this.#latest?.number ?? 0
  }

  get attempts(): readonly AttemptReport[] {
    const attempts: AttemptReport[] = []
    for (let each = this.#latest; each !== undefined; each = each.before) attempts.push(each)
    return attempts.reverse()
  }

  get sentBytes(): number {
    let sum = 0
    for (let each = this.#latest; each !== undefined; each = each.before) sum += each.sentBytes
    return sum
  }

  /** `onAttempt` is called by `tell()`, once it is known whether it is tried again. */
  begin(attempt: Reported, known: Known, onAttempt?: (report: AttemptReport) => unknown): void {
    this.#latest = new LiveReport(attempt, known, this.#latest)
    this.#onAttempt = onAttempt
  }

  tell(retryInMs: number | undefined): void {
    const [report, onAttempt] = [this.#latest, this.#onAttempt]
    this.#onAttempt = undefined
    if (report === undefined) return
    report.retryInMs ??= retryInMs
    if (onAttempt !== undefined) tell(onAttempt, report)
  }

  /** For people, as for programs. */
  [inspect.custom](): object {
    return this.toJSON()
  }

  toJSON(): UploadReport {
    const { attempts, sentBytes, contentBytes } = this
    return { attempts, sentBytes, contentBytes }
  }
}

/** Follows its attempt: after a 2xx that came early, more may still be sent. */
class LiveReport implements AttemptReport {
  readonly url: string
  readonly reason: AttemptReason
  readonly number: number
  retryInMs: number | undefined

  constructor(
    private readonly attempt: Reported,
    { url, reason }: Known,
    readonly before: LiveReport | undefined,
  ) {
    this.number = (before?.number ?? 0) + 1
    this.url = url
    this.reason = reason
  }

  get asked() {
    return this.attempt.asked
  }

  get protocol() {
    return this.attempt.protocol
  }

  get verdict() {
    return this.attempt.verdict
  }

  get status() {
    return this.attempt.status
  }

  get error() {
    return this.attempt.error
  }

  get sentBytes() {
    return this.attempt.sentBytes
  }

  /** For people, as for programs. */
  [inspect.custom](): object {
    return this.toJSON()
  }

  toJSON(): AttemptReport {
    const { url, reason, protocol, asked, verdict, status, error, sentBytes, retryInMs } = this
    return { url, reason, protocol, asked, verdict, status, error, sentBytes, retryInMs }
  }
}
