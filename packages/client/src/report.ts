// What became of an upload: one report per request that was made, with the bytes that left for it.
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

export class Reports implements UploadReport {
  readonly attempts: AttemptReport[] = []
  contentBytes: number | undefined
  #tell: (retryInMs: number | undefined) => void = () => undefined

  get sentBytes(): number {
    return this.attempts.reduce((sum, { sentBytes }) => sum + sentBytes, 0)
  }

  /** `onAttempt` is called by `tell()`, once it is known whether it is tried again. */
  begin(attempt: Reported, known: Known, onAttempt?: (report: AttemptReport) => unknown): void {
    const report = new LiveReport(attempt, known)
    this.attempts.push(report)
    this.#tell = (retryInMs) => {
      report.retryInMs = retryInMs
      if (onAttempt !== undefined) tell(onAttempt, report)
    }
  }

  tell(retryInMs: number | undefined): void {
    const told = this.#tell
    this.#tell = () => undefined
    told(retryInMs)
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
  retryInMs: number | undefined

  constructor(
    private readonly attempt: Reported,
    { url, reason }: Known,
  ) {
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

  toJSON(): AttemptReport {
    const { url, reason, protocol, asked, verdict, status, error, sentBytes, retryInMs } = this
    return { url, reason, protocol, asked, verdict, status, error, sentBytes, retryInMs }
  }
}
