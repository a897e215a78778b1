// One attempt: connect, ask, wait for the verdict, send, read the answer. Nothing is read from the body
// before the verdict; a final answer stops sending, unless it says that all is well.
import { AnswerBody } from './answer/answer-body.js'
import type { Content } from './content/content.js'
import { Deadline } from './deadline.js'
import type { UploadErrorCode } from './errors.js'
import type { Limits } from './limits.js'
import type { Verdict } from './report.js'
import { Sending } from './sending.js'
import type { AnswerContent, AnswerHead, RequestPlan, Wire, WireEvents } from './wire/wire.js'

export interface AttemptListener {
  progress(sentBytes: number): void
  information(head: AnswerHead): void
  /** Nothing came in time to the question whether content is wanted. */
  silent(): void
  /** It did come, later. */
  spoke(): void
  /** The answer was read to its end, or given up: the attempt needs nothing any more. */
  over(): void
}

export type AttemptEnd =
  | { readonly kind: 'answered'; readonly head: AnswerHead; readonly body: AnswerBody }
  | { readonly kind: 'failed'; readonly code: UploadErrorCode; readonly cause: unknown }

/** Of an answer that nobody wants: a connection that has it by then can be used again. */
const DROPPING_MS = 5_000

type Stage =
  | 'connecting'
  | 'asking'
  | 'sending'
  | 'waiting'
  | 'answered'
  /** The answer is read because that frees its connection, and for no other reason. */
  | 'dropping'
  | 'finishing'
  | 'over'

export class Attempt implements WireEvents {
  protocol: 'http/1.1' | 'h2' = 'http/1.1'
  status: number | undefined
  error: UploadErrorCode | undefined
  verdict: Verdict = 'none'
  /** Was, or will be, the server asked? */
  asked: boolean
  /** Has the server said that it did nothing with the request? */
  isUntouched = false
  readonly end: Promise<AttemptEnd>
  #settle: (end: AttemptEnd) => void = () => undefined
  #stage: Stage = 'connecting'
  #wire: Wire | undefined
  #sending: Sending | undefined
  #body: AnswerBody | undefined
  readonly #deadline = new Deadline(() => this.#late())
  /** What had left when it was last looked whether anything moves. */
  #seenBytes = 0

  constructor(
    readonly plan: RequestPlan,
    private readonly content: Content,
    private readonly limits: Limits,
    private readonly listener: AttemptListener,
  ) {
    this.asked = plan.asks
    this.end = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.#deadline.wait(limits.connectTimeoutMs)
  }

  /** Content bytes that have left. */
  get sentBytes(): number {
    return this.#sending?.sentBytes ?? 0
  }

  /** Was something of the body read, or its end sent? */
  get contentRead(): boolean {
    return this.#sending?.contentRead === true
  }

  /** Does the server still read what it has answered with 2xx? */
  get stillSending(): boolean {
    return this.#sending?.complete === false && !this.#sending.stopped
  }

  use(wire: Wire): void {
    if (this.#stage === 'over') wire.destroy()
    else this.#wire = wire
  }

  connected(protocol: 'http/1.1' | 'h2', asked: boolean): void {
    if (this.#stage !== 'connecting') return
    this.protocol = protocol
    this.asked = asked
    if (asked) {
      this.#stage = 'asking'
      this.#deadline.wait(this.limits.continueTimeoutMs)
    } else this.#send()
  }

  continued(): void {
    if (this.#stage === 'asking') {
      this.verdict = 'continue'
      this.#send()
    } else if (this.verdict === 'silence') this.listener.spoke()
  }

  information(head: AnswerHead): void {
    if (this.#stage === 'over') return
    // A server that works on what it has may read no more for long, and say so.
    if (this.#stage === 'sending') this.#moving()
    this.listener.information(head)
  }

  answered(head: AnswerHead, content: AnswerContent): void {
    if (this.#body !== undefined || this.#stage === 'over') {
      content.stream.destroy()
      return
    }
    const asking = this.#stage === 'asking'
    if (asking) this.verdict = 'answer'
    else if (this.verdict === 'silence' && this.#stage === 'sending') this.listener.spoke()
    // A 2xx may come before all was read, and the server goes on reading; anything else ends it.
    if (head.status >= 300) this.#stopSending()
    this.status = head.status
    this.#stage = 'answered'
    this.#deadline.wait(this.limits.idleTimeoutMs)
    this.#body = new AnswerBody(content, {
      activity: () => this.#moving(),
      over: () => this.#answerOver(),
    })
    const end: AttemptEnd = { kind: 'answered', head, body: this.#body }
    if (!asking || head.status >= 300) {
      this.#settle(end)
      return
    }
    // Whoever knows no expectation may answer before it reads, as an echo does; what is whole asks for nothing.
    setImmediate(() => {
      if (this.#stage === 'answered' && !content.isWhole()) this.#startSending()
      this.#settle(end)
    })
  }

  untouched(): void {
    this.isUntouched = true
  }

  failed(error: unknown, code?: UploadErrorCode): void {
    if (this.#stage === 'finishing') this.#giveUp()
    else if (!this.#isAnswered && this.#stage !== 'over') {
      this.#fail(code ?? codeOf(this.#stage, error), error)
    }
  }

  closed(): void {
    // Every attempt comes here; an error is dear to make, and seldom needed.
    if (!this.#isAnswered && this.#stage !== 'over') {
      this.failed(new Error('The connection was closed'))
    }
  }

  /** Another attempt takes its place. What is short of its answer is read, at most for five seconds. */
  drop(): void {
    if (this.#stage !== 'answered') return
    this.#stage = 'dropping'
    this.#deadline.wait(Math.min(this.limits.idleTimeoutMs, DROPPING_MS))
    this.#body?.discard()
  }

  /** Ends it without a result. */
  abort(reason: unknown): void {
    if (this.#stage === 'over') return
    if (this.#stage === 'finishing') this.#giveUp()
    else if (this.#body !== undefined) this.#body.cancel(reason)
    else this.#fail('connection_lost', reason)
  }

  get #isAnswered(): boolean {
    return this.#stage === 'answered' || this.#stage === 'dropping'
  }

  #send(): void {
    this.#stage = 'sending'
    this.#startSending()
    // Small content is all sent by now, and its answer is waited for.
    if (this.#stage === 'sending') this.#deadline.wait(this.limits.idleTimeoutMs)
  }

  #startSending(): void {
    const { wire, plan, content } = { wire: this.#wire, plan: this.plan, content: this.content }
    if (wire === undefined) return
    this.#sending = new Sending(content, plan.contentLength, wire, {
      progress: () => {
        this.#seenBytes = this.sentBytes
        this.#moving()
        this.listener.progress(this.sentBytes)
      },
      sent: () => this.#allSent(),
      failed: (error) => this.#contentFailed(error),
    })
    this.#sending.start()
  }

  /** Bytes went or came. */
  #moving(): void {
    if (this.#stage === 'waiting') this.#deadline.wait(this.limits.responseTimeoutMs)
    else if (this.#stage !== 'dropping' && this.#stage !== 'over') {
      this.#deadline.wait(this.limits.idleTimeoutMs)
    }
  }

  #allSent(): void {
    if (this.#stage === 'finishing') this.#over()
    if (this.#stage !== 'sending') return
    this.#stage = 'waiting'
    this.#deadline.wait(this.limits.responseTimeoutMs)
  }

  #contentFailed(error: unknown): void {
    if (this.#isAnswered) this.#body?.cancel(error)
    else if (this.#stage === 'finishing') this.#giveUp()
    else this.#fail('content_failed', error)
  }

  #stopSending(): void {
    if (this.#sending?.complete === false) this.#sending.stop()
  }

  #answerOver(): void {
    if (!this.#isAnswered) return
    const whole = this.#body?.ended === true
    if (whole && this.#sending?.complete === true) this.#over()
    else if (whole && this.stillSending) {
      this.#stage = 'finishing'
      this.#deadline.wait(this.limits.idleTimeoutMs)
    } else this.#giveUp()
  }

  /** A connection that is still owed content, or an answer, is never used again. */
  #giveUp(): void {
    this.#sending?.stop()
    this.#wire?.destroy()
    this.#over()
  }

  #over(): void {
    this.#stage = 'over'
    this.#deadline.end()
    this.listener.over()
  }

  #fail(code: UploadErrorCode, cause: unknown): void {
    if (this.#stage === 'over') return
    this.error = code
    this.#giveUp()
    this.#settle({ kind: 'failed', code, cause })
  }

  #late(): void {
    const sent = this.sentBytes
    const moved = sent > this.#seenBytes
    this.#seenBytes = sent
    const { idleTimeoutMs, responseTimeoutMs } = this.limits
    if (this.#stage === 'connecting' && this.#wire?.queued === true) {
      // Others of the same agent decide how long that takes.
      this.#deadline.wait(this.limits.connectTimeoutMs)
    } else if (this.#stage === 'asking') {
      this.verdict = 'silence'
      this.listener.silent()
      this.#send()
    } else if (this.#stage === 'dropping') {
      this.#silent()
    } else if (moved) {
      // Part of a piece has left.
      this.#deadline.wait(this.#stage === 'waiting' ? responseTimeoutMs : idleTimeoutMs)
    } else {
      // An answer that nobody reads says nothing about the connection.
      if (this.#body?.paused !== true) this.#wire?.distrust()
      this.#silent()
    }
  }

  #silent(): void {
    if (this.#stage === 'connecting') this.#fail('connect_timeout', undefined)
    else if (this.#stage === 'sending') this.#fail('idle_timeout', undefined)
    else if (this.#stage === 'waiting') this.#fail('response_timeout', undefined)
    else if (this.#stage === 'finishing') this.#giveUp()
    else this.#body?.cancel(new Error('No byte came for too long'))
  }
}

function codeOf(stage: Stage, error: unknown): UploadErrorCode {
  if (stage === 'connecting') return 'refused_connection'
  const { code } = error as NodeJS.ErrnoException
  return code?.startsWith('HPE_') ? 'malformed_answer' : 'connection_lost'
}
