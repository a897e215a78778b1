// An upload: attempt after attempt until there is an answer to give. Until something of the body was
// read, anything may be repeated; after that only what can be had again, and may be done twice.
import type { Agent } from 'node:http'
import { agents } from './agents.js'
import type { AnswerBody } from './answer/answer-body.js'
import { headersOf, responseOf, shownAgain, type UploadResponse } from './answer/response.js'
import { Attempt, type AttemptEnd } from './attempt.js'
import { Cancellation } from './cancellation.js'
import { type Content, describeContent } from './content/content.js'
import { faultOf } from './content/fault-of.js'
import { UploadError, type UploadErrorCode } from './errors.js'
import { type Fields, fieldOf, readFields, withFields, withoutLength } from './fields.js'
import { openWire } from './open-wire.js'
import { OptionError } from './option-error.js'
import { isAgent, readOptions, type UploadPlan } from './options/read-options.js'
import type { UploadOptions } from './options/types.js'
import { origins } from './origins.js'
import { fieldsFor, redirectTarget } from './redirect.js'
import { isFine, mayBeDoneTwice, mayPass } from './repeat.js'
import { type AttemptReason, Reports } from './report.js'
import { delayMs } from './retry.js'
import { tell } from './tell.js'
import type { AnswerHead } from './wire/wire.js'

/**
 * Uploads, and gives the answer as a `Response`, whatever its status.
 *
 * From 64 KiB on it asks with `Expect: 100-continue` before it sends (RFC 9110 section 10.1.1). It stops
 * sending at an early answer and reads it, repeats what may be repeated, and never reads a stream before
 * it is known that its content is wanted. A stream that is not read to its end is destroyed, unless it is a
 * request of a server.
 *
 * @param url - absolute, `http:` or `https:`
 * @returns the answer, with what was sent in `upload`
 * @throws {@link UploadError} when there is no answer, {@link OptionError} when an option is wrong, and
 *   the reason of `signal` when it is aborted
 */
export function upload(url: string | URL, options: UploadOptions = {}): Promise<UploadResponse> {
  // Not `async`: that would wrap the promise of the run in another one, and cost as much as all checks.
  try {
    const plan = readOptions(url, options)
    const fault = faultOf(options.body)
    if (fault === undefined) return new Upload(plan).run()
    throw new OptionError({ option: 'body', received: options.body, remedy: fault })
  } catch (error) {
    return Promise.reject(error)
  }
}

type Next =
  | { readonly do: 'give back' }
  | { readonly do: 'repeat'; readonly reason: AttemptReason; readonly waitMs: number }
const GIVE_BACK: Next = { do: 'give back' }

class Upload {
  readonly #reports: Reports
  readonly #cancel: Cancellation
  #content: Content | undefined
  #url: URL
  #fields: Fields
  #failures = 0
  #redirects = 0
  #authorized = false
  /** What `authorize` has seen, of which answer. */
  #shown: { readonly body: AnswerBody; readonly response: UploadResponse } | undefined
  #declined = false

  constructor(private readonly plan: UploadPlan) {
    this.#url = plan.url
    this.#fields = plan.fields
    this.#reports = new Reports()
    this.#cancel = new Cancellation(plan.options.signal)
  }

  async run(): Promise<UploadResponse> {
    try {
      const described = this.#describe()
      const content = described instanceof Promise ? await described : described
      let reason: AttemptReason = 'first'
      for (;;) {
        this.#cancel.check()
        const attempt = this.#begin(content, reason)
        const end = await attempt.end
        this.#cancel.check()
        const next = isFine(end) ? GIVE_BACK : await this.#after(attempt, end)
        this.#tell(next.do === 'repeat' && next.reason === 'retry' ? next.waitMs : undefined)
        if (next.do === 'give back') return this.#give(attempt, end)
        attempt.drop()
        await this.#cancel.sleep(next.waitMs)
        reason = next.reason
      }
    } catch (error) {
      this.#release()
      throw error
    }
  }

  /** `onAttempt` may abort. */
  #tell(retryInMs: number | undefined): void {
    this.#reports.tell(retryInMs)
    this.#cancel.check()
  }

  #describe(): Content | Promise<Content> {
    const failed = (error: unknown): never => this.#throw('content_failed', error)
    let described: Content | Promise<Content>
    try {
      described = describeContent(this.plan.options.body)
    } catch (error) {
      return failed(error)
    }
    if (!(described instanceof Promise)) return this.#announced(described)
    return described.catch(failed).then((content) => this.#announced(content))
  }

  /** With the length that was declared, where it says what is not known by itself. */
  #announced(content: Content): Content {
    const { declaredLength } = this.plan
    this.#content = content
    this.#reports.contentBytes = declaredLength ?? content.length
    if (declaredLength === undefined) return content
    if (content.replayable && (content.length ?? declaredLength) !== declaredLength) {
      const remedy = `The body has ${content.length} bytes; leave it out.`
      throw new OptionError({ option: 'contentLength', received: declaredLength, remedy })
    }
    return { ...content, length: declaredLength, mayGrow: content.length === declaredLength }
  }

  #begin(content: Content, reason: AttemptReason): Attempt {
    const { options, limits, method } = this.plan
    const url = this.#url
    const asks = this.#asks(content)
    const number = this.#reports.count + 1
    const attempt: Attempt = new Attempt(
      {
        url: this.#url,
        method,
        fields: this.#typed(content),
        contentLength: content.length,
        asks,
        agent: this.#agent(),
      },
      content,
      limits,
      {
        progress: (sentBytes) => {
          const { onProgress } = options
          if (onProgress === undefined) return
          tell(onProgress, { sentBytes, contentBytes: content.length, attempt: number })
        },
        information: (head) => {
          const { onInformation } = options
          if (onInformation === undefined) return
          // `Headers` takes fewer characters than a lenient parser.
          const told = ({ status, fields }: AnswerHead): unknown =>
            onInformation({ status, headers: headersOf(fields) })
          tell(told, head)
        },
        silent: () => origins.learn(url.origin, 'silent'),
        spoke: () => origins.forget(url.origin),
        over: () => this.#cancel.done(attempt),
      },
    )
    this.#reports.begin(attempt, { url: this.#url.href, reason }, options.onAttempt)
    this.#cancel.watch(attempt)
    try {
      openWire(attempt.plan, attempt)
    } catch (error) {
      attempt.failed(error)
    }
    return attempt
  }

  #asks(content: Content): boolean {
    const { expect, expectFromBytes } = this.plan
    if (content.length === 0 || expect === false || this.#declined) return false
    if (expect === true) return true
    if (content.length !== undefined && content.length < expectFromBytes) return false
    return origins.habitOf(this.#url.origin) === undefined
  }

  #typed(content: Content): Fields {
    if (content.type === undefined || fieldOf(this.#fields, 'content-type') !== undefined) {
      return this.#fields
    }
    return [...this.#fields, ['Content-Type', content.type]]
  }

  #agent(): Agent {
    const { agent } = this.plan.options
    const scheme = this.#url.protocol === 'https:' ? 'https' : 'http'
    return isAgent(agent) ? agent : (agent?.[scheme] ?? agents[scheme])
  }

  async #after(attempt: Attempt, end: AttemptEnd): Promise<Next> {
    if (end.kind === 'failed') return this.#afterFailure(attempt, end.code, end.cause)
    const { status, fields } = end.head
    // Not applied by the server, so it may be done again by any method where the body allows it.
    if (!attempt.contentRead || this.#content?.replayable === true) {
      const next = await this.#instead(attempt, end)
      if (next !== undefined) return next
    }
    if (!this.plan.retryOn.includes(status) || !this.#mayRepeat(attempt)) return GIVE_BACK
    return this.#retry(fieldOf(fields, 'retry-after')) ?? GIVE_BACK
  }

  /** Answers that ask for the same request in another way. */
  async #instead(
    attempt: Attempt,
    end: AttemptEnd & { kind: 'answered' },
  ): Promise<Next | undefined> {
    const { status, fields } = end.head
    if (status === 417 && attempt.asked) {
      origins.learn(this.#url.origin, 'declines')
      this.#declined = true
      return { do: 'repeat', reason: 'without_expect', waitMs: 0 }
    }
    const target = redirectTarget(status, fieldOf(fields, 'location'), this.#url)
    if (target !== undefined && this.#redirects < this.plan.redirects) {
      this.#redirects += 1
      this.#fields = fieldsFor(target, this.#url, this.#fields)
      if (target.origin !== this.#url.origin) this.#declined = false
      this.#url = target
      return { do: 'repeat', reason: 'redirect', waitMs: 0 }
    }
    if (status !== 401 || !(await this.#authorize(attempt, end))) return undefined
    return { do: 'repeat', reason: 'authorized', waitMs: 0 }
  }

  async #authorize(attempt: Attempt, end: AttemptEnd & { kind: 'answered' }): Promise<boolean> {
    const { authorize } = this.plan.options
    if (authorize === undefined || this.#authorized) return false
    this.#authorized = true
    const response = this.#response(end)
    this.#shown = { body: end.body, response }
    try {
      const asked = Promise.resolve().then(() => authorize(response))
      const given = await this.#cancel.within(asked, this.plan.limits.responseTimeoutMs)
      if (given === undefined || given === null) return false
      const fields = withoutLength(readFields(given, 'authorize()'), this.#reports.contentBytes)
      this.#fields = withFields(this.#fields, fields)
      return true
    } catch (error) {
      attempt.abort(error)
      this.#cancel.check()
      this.#tell(undefined)
      return this.#throw('authorize_failed', error)
    }
  }

  #afterFailure(attempt: Attempt, code: UploadErrorCode, cause: unknown): Next {
    const mayRepeat = mayPass(code, cause) && this.#mayRepeat(attempt)
    const next = mayRepeat ? this.#retry(undefined) : undefined
    if (next !== undefined) return next
    this.#tell(undefined)
    const spent = attempt.contentRead && this.#content?.replayable === false
    return this.#throw(code === 'connection_lost' && spent ? 'content_spent' : code, cause)
  }

  #mayRepeat(attempt: Attempt): boolean {
    // A stream that gave nothing in time gives the next attempt nothing, either.
    if (!attempt.contentRead && attempt.error !== 'idle_timeout') return true
    if (this.#content?.replayable !== true) return false
    return attempt.isUntouched || mayBeDoneTwice(this.plan.method, this.#fields)
  }

  #retry(retryAfter: string | undefined): Next | undefined {
    this.#failures += 1
    if (this.#failures >= this.plan.retry.attempts) return undefined
    const waitMs = delayMs(this.plan.retry, this.#failures, retryAfter)
    return waitMs === undefined ? undefined : { do: 'repeat', reason: 'retry', waitMs }
  }

  #give(attempt: Attempt, end: AttemptEnd): UploadResponse {
    if (end.kind === 'failed') throw new Error('unreachable')
    const discard = (): void => this.#content?.discard()
    // What was not sent by now never will be, unless the server reads on after a 2xx.
    if (!attempt.stillSending) discard()
    this.#cancel.give(discard)
    const shown = this.#shown
    return shown?.body === end.body ? shownAgain(shown.response) : this.#response(end)
  }

  #response(end: AttemptEnd & { kind: 'answered' }): UploadResponse {
    const { head, body } = end
    const redirected = this.#redirects > 0
    return responseOf({ head, body, url: this.#url.href, redirected, upload: this.#reports })
  }

  #release(): void {
    this.#cancel.release()
    this.#content?.discard()
  }

  #throw(code: UploadErrorCode, cause: unknown): never {
    const target = `${this.plan.method} ${this.#url.origin}${this.#url.pathname}`
    throw new UploadError(code, target, this.#reports, cause)
  }
}
