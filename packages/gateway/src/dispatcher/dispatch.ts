// One request of a plugin to its upstream. The plugin has retries of its own, so here are two only: on
// another connection when a kept one had died, and without asking when asking is not known there.

import { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { isRefusal } from '@expectation/core'
import { exchangeOf } from '@expectation/core/node'
import { stripHopByHop } from '../fields/strip.js'
import { type AskPolicy, asks } from '../options/ask-options.js'
import { contentWasRead, RelayError } from '../refusals.js'
import { Attempt, type AttemptListener, type Happening } from '../relay/attempt.js'
import { continueClient, leaveUncontinued } from '../relay/client-continue.js'
import { whenClosed } from '../relay/client-gone.js'
import { Content, LengthMismatch } from '../relay/content.js'
import { isIdempotent, nextStep } from '../relay/next-step.js'
import { AttemptRecord } from '../relay/record.js'
import type { Upstream, UpstreamAnswer } from '../upstream/upstream.js'
import type { OriginMemory } from '../upstreams/memory.js'
import { Wait } from '../wait.js'
import { isMessage } from './dispatch-body.js'
import type { DispatchCallback, ReadRequest } from './dispatch-request.js'
import { abortedBy, whenAborted } from './dispatch-signal.js'
import { watchAnswer } from './given-answer.js'

export interface DispatchPolicy extends AskPolicy {
  readonly onSilence: 'send' | 'refuse'
  readonly connectTimeoutMs: number
  /** When the plugin names none, in milliseconds. */
  readonly responseTimeoutMs: number
  /** The same. */
  readonly idleTimeoutMs: number
}

export interface DispatchTarget {
  readonly upstream: Upstream
  readonly memory: OriginMemory
}

/** Codes that reply-from knows, and answers each in its own way. */
const CODES = {
  'refuse-unreachable': 'UND_ERR_SOCKET',
  'refuse-failed': 'UND_ERR_SOCKET',
  'refuse-length': 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  'refuse-late': 'UND_ERR_HEADERS_TIMEOUT',
  'refuse-head': 'UND_ERR_INVALID_ARG',
} as const

export class Dispatch implements AttemptListener {
  readonly #content: Content | undefined
  #attempt: Attempt | undefined
  readonly #waits: DispatchPolicy
  readonly #wait = new Wait()
  #staleTries = 0
  #over = false
  #given: UpstreamAnswer['content'] | undefined
  /** To be called when all is over. */
  readonly #letGo: (() => void)[] = []

  constructor(
    private readonly target: DispatchTarget,
    private readonly request: ReadRequest,
    private readonly policy: DispatchPolicy,
    private readonly callback: DispatchCallback,
  ) {
    const { headersTimeout, bodyTimeout } = request
    this.#waits = {
      ...policy,
      ...(headersTimeout && { responseTimeoutMs: headersTimeout }),
      ...(bodyTimeout && { idleTimeoutMs: bodyTimeout }),
    }
    this.#letGo.push(whenAborted(request.signal, (reason) => this.#aborted(reason)))
    if (request.head.content.kind === 'none') {
      dropEmpty(request.body)
      return
    }
    const source = sourceOf(request.body)
    if (source === undefined) return
    this.#content = new Content(
      source,
      {
        moved: () => this.#wait.moved(),
        ended: () => this.#attempt?.handedOver(),
        failed: (error) => this.#contentFailed(error),
      },
      0,
      lengthOf(request),
    )
    source.on('error', (error) => this.#content?.fail(error))
    source.once('close', () => this.#content?.fail(undefined))
    this.#untilClientLeaves()
  }

  /** A request that has come whole says nothing any more, so it is the response that tells. */
  #untilClientLeaves(): void {
    const { body } = this.request
    const exchange = isMessage(body) ? exchangeOf(body) : undefined
    if (exchange === undefined) return
    const left = (): void => this.#fail('refuse-failed', new Error('The client left.'))
    this.#letGo.push(whenClosed(exchange.request, exchange.response, left))
  }

  #aborted(reason: Error): void {
    this.#end(reason)
    this.#given?.destroy(reason)
  }

  #contentFailed(error: Error | undefined): void {
    // Whoever answers tells the client why its content was refused, by core, while it came.
    if (isRefusal(error)) this.#end(error)
    else if (error instanceof LengthMismatch) this.#fail('refuse-length', error)
    else this.#fail('refuse-failed', new Error('The content broke off.'))
  }

  begin(): void {
    const { body, head, signal } = this.request
    const isGone = head.content.kind !== 'none' && body instanceof Readable && body.readableEnded
    const error = abortedBy(signal) ?? (isGone ? contentWasRead() : undefined)
    if (error === undefined) {
      this.#try(true)
      return
    }
    this.#over = true
    this.#letAllGo()
    process.nextTick(this.callback, error)
  }

  #try(mayAsk: boolean): void {
    const { request, policy, target } = this
    const { head, clientAsks } = request
    const { content } = head
    const contentLength = lengthOf(request)
    const isAsked =
      mayAsk &&
      content.kind !== 'none' &&
      !target.memory.isNotAsked &&
      asks(policy, { clientAsks, contentLength })
    const record = new AttemptRecord('', isAsked)
    const asked = { ...head, asks: isAsked }
    this.#attempt = new Attempt(target.upstream, asked, record, this.#waits, this, this.#wait)
  }

  connected(): void {}

  informed(): void {}

  drained(): void {
    this.#content?.drained()
  }

  ready(attempt: Attempt): void {
    this.#send(attempt)
  }

  happened(attempt: Attempt, { event, answer, error }: Happening): void {
    const { policy, target } = this
    const situation = {
      asking: attempt.asking,
      clientAsks: this.request.clientAsks,
      repeatable: this.#content?.repeatable ?? true,
      whole: attempt.whole,
      idempotent: isIdempotent(attempt.head.method),
      more: false,
      staleTries: this.#staleTries,
    }
    const step = nextStep(event, situation, { retryOn: NONE, onSilence: policy.onSilence })
    if (step === 'again-unasked' || (event.kind === 'silent' && step === 'send')) {
      target.memory.doesNotAnswerAsking()
    }
    switch (step) {
      case 'send':
        this.#send(attempt)
        return
      case 'relay':
        if (answer !== undefined) this.#give(attempt, answer)
        return
      case 'relay-and-send':
        if (answer === undefined) return
        this.#give(attempt, answer)
        setImmediate(() => {
          if (answer.content.destroyed || answer.isWhole()) return
          attempt.send()
          this.#content?.sendTo(attempt.call)
        })
        return
      case 'again':
      case 'again-unasked':
        attempt.leave()
        this.#content?.pause()
        this.#staleTries += step === 'again' ? 1 : 0
        this.#try(step === 'again')
        return
      case 'next':
        return
      default:
        this.#fail(step, error)
    }
  }

  #send(attempt: Attempt): void {
    attempt.send()
    const { body } = this.request
    if (isMessage(body)) continueClient(body)
    this.#wait.begin(this.#waits.idleTimeoutMs, this.#isIdle)
    this.#content?.sendTo(attempt.call)
  }

  /** A plugin has one answer for both, 504; its log tells them apart. */
  readonly #isIdle = (): void => {
    const by = this.#content?.waitsForUpstream === true ? 'upstream took' : 'client sent'
    this.#fail('refuse-late', new RelayError(`The ${by} no content in time.`, 'ETIMEDOUT'))
  }

  #give(attempt: Attempt, answer: UpstreamAnswer): void {
    this.#over = true
    if (!attempt.whole && answer.status >= 300) this.#content?.stop()
    const { body } = this.request
    if (attempt.asking && isMessage(body)) leaveUncontinued(body)
    const { content } = answer
    if (!(content instanceof IncomingMessage)) return
    this.#given = content
    watchAnswer(content, this.#wait, this.#waits.idleTimeoutMs, {
      isWhole: () => answer.isWhole(),
      ended: () => {
        if (attempt.whole) attempt.finish()
        else attempt.leave()
      },
      closed: () => {
        this.#content?.stop()
        this.#letAllGo()
        attempt.leave()
      },
    })
    stripHopByHop(content)
    this.callback(null, {
      statusCode: answer.status,
      headers: { ...content.headers },
      body: content,
    })
  }

  #fail(step: keyof typeof CODES, cause?: Error): void {
    const error = new RelayError('The upstream did not answer.', CODES[step])
    this.#end(Object.assign(error, { cause }))
  }

  #end(error: Error): void {
    if (this.#over) return
    this.#over = true
    this.#content?.stop()
    this.#letAllGo()
    this.#attempt?.leave()
    this.callback(error)
  }

  #letAllGo(): void {
    for (const letGo of this.#letGo.splice(0)) letGo()
  }
}

const NONE: ReadonlySet<number> = new Set()

function lengthOf({ head: { content } }: ReadRequest): number | undefined {
  return content.kind === 'length' ? content.bytes : undefined
}

function sourceOf(body: ReadRequest['body']): Readable | undefined {
  if (body === undefined || body instanceof Readable) return body
  return Readable.from([typeof body === 'string' ? Buffer.from(body) : body])
}

/** A stream that was declared empty: whoever made it may wait for its end, and nobody else hears it fail. */
function dropEmpty(body: ReadRequest['body']): void {
  if (body instanceof Readable && !isMessage(body)) {
    body.on('error', () => undefined).resume()
  }
}
