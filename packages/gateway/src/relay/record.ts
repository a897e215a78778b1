// What is told of one relay when it is over: collected as it goes, published once. Nothing that a
// listener throws reaches the exchange.

import { channel } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import {
  describeError,
  type Logger,
  RELAY_CHANNEL,
  type RelayAttempt,
  type RelayOutcome,
  type RelayVerdict,
  withoutQuery,
} from '@expectation/core'
import { callUserCode } from '@expectation/core/node'
import type { Content } from './content.js'
import type { RequestPlan } from './plan.js'

const relays = channel(RELAY_CHANNEL)

export interface RelayObservers {
  readonly onRelay: ((outcome: RelayOutcome) => void) | undefined
  readonly logger: Logger | undefined
}

/** One attempt while it goes on. */
export class AttemptRecord {
  readonly #startedAt = performance.now()
  reused = false
  #verdict: { readonly verdict: RelayVerdict; readonly ms: number } | undefined
  #status: number | undefined
  #code: string | undefined

  constructor(
    readonly upstream: string,
    private readonly asked: boolean,
  ) {}

  /** Only the first one counts: it is what the client waited for. */
  said(verdict: RelayVerdict): void {
    this.#verdict ??= { verdict, ms: performance.now() - this.#startedAt }
  }

  answered(status: number, contentRead: boolean): void {
    this.#status = status
    this.said(status >= 400 && !contentRead ? 'refused' : 'answered')
  }

  failed(code: string | undefined): void {
    this.#code = code
    this.said('failed')
  }

  get record(): RelayAttempt {
    const { upstream, asked, reused } = this
    return {
      upstream,
      asked,
      verdict: this.#verdict?.verdict ?? 'failed',
      ...(this.#status !== undefined && { status: this.#status }),
      verdictMs: this.#verdict?.ms ?? performance.now() - this.#startedAt,
      reused,
      ...(this.#code !== undefined && { code: this.#code }),
    }
  }
}

/** What a relay knows of itself when it is over. */
export interface RelayFacts {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly plan: RequestPlan
  readonly attempts: readonly AttemptRecord[]
  /** The attempt whose answer was relayed. */
  readonly relayed: AttemptRecord | undefined
  readonly content: Pick<Content, 'readBytes' | 'sentBytes'>
  /** Why no answer was relayed, when the gateway itself failed. */
  readonly error: unknown
  readonly clientGone: boolean
  readonly startedAt: number
}

export function tellRelay({ onRelay, logger }: RelayObservers, facts: RelayFacts): void {
  if (onRelay === undefined && logger === undefined && !relays.hasSubscribers) return
  const outcome = outcomeOf(facts)
  if (onRelay !== undefined) callUserCode('onRelay', () => onRelay(outcome), onRelay)
  if (logger !== undefined) callUserCode('logger', () => logRelay(logger, outcome), logger)
  relays.publish(outcome)
}

function outcomeOf(facts: RelayFacts): RelayOutcome {
  const { error, relayed, response, plan } = facts
  const { readBytes, sentBytes } = facts.content
  const refusal = error === undefined ? undefined : describeError(error)
  const status = refusal?.status ?? (response.headersSent ? response.statusCode : undefined)
  return {
    request: facts.request,
    method: plan.method,
    path: withoutQuery(plan.target),
    ...(relayed !== undefined && { upstream: relayed.upstream }),
    attempts: facts.attempts.map(({ record }) => record),
    spent: readBytes > 0,
    contentBytes: sentBytes,
    ...(plan.content.kind === 'length' && {
      sparedBytes: Math.max(0, plan.content.bytes - sentBytes),
    }),
    ...(status !== undefined && { status }),
    ...(refusal !== undefined && { reason: refusal.reason }),
    clientGone: facts.clientGone,
    durationMs: performance.now() - facts.startedAt,
  }
}

/**
 * Levels say who is at fault: the upstreams (error), one of them (warn), nobody (debug, info).
 *
 * @returns What the logger's method returns, which may be a promise.
 */
function logRelay(logger: Logger, outcome: RelayOutcome): unknown {
  const { request: _request, ...relay } = outcome
  const failedOver = new Set(outcome.attempts.map(({ upstream }) => upstream)).size > 1
  if (outcome.reason?.startsWith('upstream_') === true) {
    return logger.error({ relay }, `no upstream took the request: ${outcome.reason}`)
  }
  if (failedOver) return logger.warn({ relay }, 'another upstream took the request')
  if (outcome.clientGone || outcome.reason !== undefined) {
    const message = outcome.clientGone ? 'client left during a relay' : 'relay refused'
    return logger.info({ relay }, message)
  }
  return logger.debug?.({ relay }, 'relayed')
}
