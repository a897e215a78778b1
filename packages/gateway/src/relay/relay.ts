// One exchange, carried from a client to an upstream and back. What follows from what happened is decided
// in next-step.ts; here it is done. Laws:
// - no content byte goes to an upstream before its 100, its silence, or the decision not to ask it; nor, where the
//   client did not ask, before a 2xx that it gives first
// - the client gets one 100, from core, and before anything else that comes from the upstream
// - the client leaving gives the upstream up, also while it is waited for
// - it ends once, and tells once what happened

import type { IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { isRefusal } from '@expectation/core'
import type { FieldLines } from '../fields/field-lines.js'
import { chosenOrigins } from '../options/policy.js'
import { clientIdle, timedOut, unreachable, upstreamFailed } from '../refusals.js'
import type { UpstreamAnswer, UpstreamHead } from '../upstream/upstream.js'
import { Wait } from '../wait.js'
import { Answer } from './answer.js'
import { Attempt, type AttemptListener, type Happening } from './attempt.js'
import { headToRewrite, inTime, rewritten } from './callbacks.js'
import { continueClient, leaveUncontinued } from './client-continue.js'
import { whenClosed } from './client-gone.js'
import { Content } from './content.js'
import type { KnownUpstream, RelayHost } from './host.js'
import { passInformation } from './information.js'
import { isIdempotent, nextStep, type Step } from './next-step.js'
import type { RequestPlan } from './plan.js'
import { AttemptRecord, tellRelay } from './record.js'
import { refusalFor } from './refusal-for.js'
import { Tries } from './tries.js'
import { upstreamHead } from './upstream-head.js'

export class Relay implements AttemptListener {
  readonly #startedAt = performance.now()
  readonly #content: Content
  readonly #records: AttemptRecord[] = []
  /** Made only where a callback may want it: it would be a tenth of what a waiting upload costs. */
  #abort: AbortController | undefined
  #tries: Tries | undefined
  #attempt: Attempt | undefined
  #answer: Answer | undefined
  #relayed: AttemptRecord | undefined
  readonly #wait = new Wait()
  #stopListening: () => void = () => undefined
  #over = false

  /** @param refuse - Called at most once, with why no upstream's answer was relayed. */
  constructor(
    private readonly host: RelayHost,
    private readonly plan: RequestPlan,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly refuse: (error: unknown) => void,
  ) {
    this.#content = new Content(
      request,
      {
        moved: () => this.#wait.moved(),
        ended: () => this.#attempt?.handedOver(),
        failed: (error) => this.#contentFailed(error),
      },
      host.policy.replayBytes,
    )
  }

  begin(): void {
    this.host.budget.begin()
    this.request.on('error', (error) => this.#content.fail(error))
    this.#stopListening = whenClosed(this.request, this.response, this.#closed)
    const { upstreams, connectTimeoutMs } = this.host.policy
    if (typeof upstreams !== 'function') {
      this.#choose(upstreams)
      return
    }
    this.#abort = new AbortController()
    inTime(connectTimeoutMs, this.#abort, () => upstreams(this.plan.head))
      .then((given) => {
        if (this.#over) return
        this.#choose(chosenOrigins(given))
      })
      .catch((error: unknown) => this.#fail(error))
  }

  #choose(origins: readonly string[]): void {
    try {
      this.#tryNext(new Tries(this.host, origins))
    } catch (error) {
      this.#fail(error ?? new TypeError('agent threw nothing.'))
    }
  }

  #tryNext(tries: Tries): void {
    this.#tries = tries
    const upstream = tries.advance()
    if (upstream === undefined) this.#fail(unreachable())
    else this.#try(upstream)
  }

  #try(known: KnownUpstream): void {
    const { rewrite, connectTimeoutMs } = this.host.policy
    const head = upstreamHead(this.plan, known, this.host.policy, this.#content.readBytes > 0)
    if (rewrite === undefined) {
      this.#start(known, head)
      return
    }
    const seen = headToRewrite(head, this.plan.head.version)
    const facts = { request: this.request, upstream: known.origin }
    this.#abort = new AbortController()
    inTime(connectTimeoutMs, this.#abort, (signal) => rewrite(seen, { ...facts, signal }))
      .then((given) => {
        if (!this.#over) this.#start(known, rewritten(head, given))
      })
      .catch((error: unknown) => this.#fail(error))
  }

  #start(known: KnownUpstream, head: UpstreamHead): void {
    const record = new AttemptRecord(known.origin, head.asks)
    this.#records.push(record)
    this.#attempt = new Attempt(known.upstream, head, record, this.host.policy, this, this.#wait)
  }

  connected(): void {
    this.#tries?.connected()
  }

  ready(attempt: Attempt): void {
    this.#send(attempt)
  }

  drained(): void {
    this.#content.drained()
  }

  informed(status: number, lines: FieldLines): void {
    if (!this.host.policy.interim) return
    passInformation(this.response, this.plan.head.version, status, lines)
  }

  happened(attempt: Attempt, happening: Happening): void {
    const tries = this.#tries
    if (tries === undefined) return
    const { event, error } = happening
    const { readBytes, repeatable } = this.#content
    const situation = {
      asking: attempt.asking,
      clientAsks: this.plan.clientAsks,
      repeatable,
      whole: attempt.whole,
      idempotent: isIdempotent(attempt.head.method),
      more: tries.hasMore(event.kind === 'unreachable'),
      staleTries: tries.staleTries,
    }
    const step = nextStep(event, situation, this.host.policy)
    if (event.kind === 'answer') attempt.record.answered(event.status, readBytes > 0)
    else if (event.kind === 'continue' || event.kind === 'silent') attempt.record.said(event.kind)
    else attempt.record.failed(error?.code)
    tries.remember(happening, step)
    this.#do(step, attempt, happening, tries)
  }

  #do(step: Step, attempt: Attempt, { answer, error }: Happening, tries: Tries): void {
    switch (step) {
      case 'send':
        this.#send(attempt)
        return
      case 'relay':
        if (answer !== undefined) this.#relay(attempt, answer)
        return
      case 'relay-and-send':
        if (answer === undefined) return
        this.#relay(attempt, answer)
        setImmediate(() => {
          if (this.#over || answer.isWhole()) return
          this.#send(attempt)
        })
        return
      case 'next':
        this.#leave(attempt)
        tries.beginRetrying()
        this.#tryNext(tries)
        return
      case 'again':
      case 'again-unasked': {
        const { current } = tries
        this.#leave(attempt)
        tries.again(step)
        if (current !== undefined) this.#try(current)
        return
      }
      default:
        this.#fail(refusalFor(step, error))
    }
  }

  #leave(attempt: Attempt): void {
    attempt.leave()
    this.#content.pause()
  }

  #send(attempt: Attempt): void {
    attempt.send()
    continueClient(this.request)
    this.#watch()
    this.#content.sendTo(attempt.call)
  }

  #relay(attempt: Attempt, answer: UpstreamAnswer): void {
    // Whoever answers 2xx while content comes may be answering to it, as an echo does.
    if (!attempt.whole && answer.status >= 300) this.#content.stop()
    if (attempt.asking) leaveUncontinued(this.request)
    this.#relayed = attempt.record
    this.#watch()
    const listener = {
      moved: () => this.#wait.moved(),
      ended: () => this.#answerEnded(attempt),
      cut: () => this.#end(),
    }
    this.#answer = new Answer(answer, this.response, this.plan.head, attempt.whole, listener)
    try {
      this.#answer.begin()
    } catch (error) {
      this.#answer = undefined
      this.#relayed = undefined
      this.#fail(upstreamFailed(error))
    }
  }

  /** An upstream that was answered for while content was owed to it takes no other request. */
  #answerEnded(attempt: Attempt): void {
    if (attempt.whole) attempt.finish()
    this.#end()
  }

  /** A refusal was raised while content came, by core: whoever mounted us answers it. */
  #contentFailed(error: Error | undefined): void {
    if (this.#over || this.#answer !== undefined) return
    if (isRefusal(error)) this.#fail(error)
    else this.#attempt?.leave()
  }

  readonly #closed = (): void => {
    if (this.#over) return
    this.#answer?.abandon()
    this.#abort?.abort(new Error('The client left.'))
    this.#end({ clientGone: true })
  }

  /** How long nothing may move in either direction while content or an answer flows. */
  #watch(): void {
    this.#wait.begin(this.host.policy.idleTimeoutMs, this.#isIdle)
  }

  readonly #isIdle = (): void => {
    const answer = this.#answer
    if (answer?.waitsForTurn === true) {
      this.#watch()
      return
    }
    // Else it is the client that takes no answer, or sends no content.
    const byUpstream = this.#attempt?.whole === true || this.#content.waitsForUpstream
    if (byUpstream && answer?.waitsForClient !== true) {
      this.#attempt?.call.distrust()
      this.#tries?.current?.memory.saidNo()
    }
    if (answer === undefined) this.#fail(byUpstream ? timedOut() : clientIdle())
    answer?.abandon()
    this.#end()
  }

  #fail(error: unknown): void {
    if (this.#over) return
    this.#end({ error })
    this.refuse(error)
  }

  #end({ error, clientGone = false }: { error?: unknown; clientGone?: boolean } = {}): void {
    if (this.#over) return
    this.#over = true
    this.#stopListening()
    this.#wait.stop()
    this.#content.stop()
    this.#attempt?.leave()
    this.#tries?.end()
    this.host.budget.end()
    tellRelay(this.host.policy, {
      request: this.request,
      response: this.response,
      plan: this.plan,
      attempts: this.#records,
      relayed: this.#relayed,
      content: this.#content,
      error,
      clientGone,
      startedAt: this.#startedAt,
    })
  }
}
