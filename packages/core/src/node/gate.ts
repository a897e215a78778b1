// The gate that every adapter mounts: finds or adopts the exchange, has it decided, tells it so.
// It never answers: an adapter hands a refusal to its framework (law 7).

import type { IncomingMessage, ServerResponse } from 'node:http'
import { decideFully } from '../decide/checks.js'
import type { Decision } from '../decide/decide.js'
import type { Logger } from '../policy/logger.js'
import type { ExpectationOptions } from '../policy/options.js'
import { compilePolicy, type Policy } from '../policy/policy.js'
import type { Refusal } from '../refusal/refusal.js'
import { adopt, attachmentOf } from './adopt.js'
import { adviseOnEntry, adviseOnPass } from './advice/exchange-advice.js'
import { adviseOnDecision } from './advice/patience.js'
import { advertiseLimits } from './answer.js'
import { decidingPending } from './channels.js'
import { type Exchange, exchangeOf } from './exchange.js'
import { observingGate } from './outcome-record.js'
import { concernsUs, requestHeadOf } from './request-head.js'

/** `gone`: the client left while a check was asking; there is nobody to answer. */
export type Verdict = 'pass' | 'gone' | Refusal

export interface Gate<Source extends object = object> {
  readonly policy: Policy
  /**
   * Decides about one request. Answers at once when nothing asynchronous has to be asked.
   *
   * @throws what a check threw, if it was not a `Refusal`; asynchronous checks reject with it.
   */
  judge(
    request: IncomingMessage,
    response: ServerResponse,
    source: Source,
  ): Verdict | Promise<Verdict>
}

/** What an adapter adds to a gate: what its framework knows of a request. */
export interface GateKnowledge<Source> {
  /** The route that took the request, as it was written, for outcomes and metrics. */
  readonly routeOf?: (source: Source) => string | undefined
  /** What checks are given as `request`. Default: the source. */
  readonly requestOf?: (source: Source) => unknown
  /** The framework's logger for a request, where there is one. */
  readonly loggerOf?: (source: Source) => Logger | undefined
}

/** @typeParam Source - The framework's request or context, asked again when the exchange settles. */
export function createGate<Source extends object>(
  options?: ExpectationOptions,
  knowledge: GateKnowledge<Source> = {},
): Gate<Source> {
  const policy = compilePolicy(options)
  const asks = policy.checks.length > 0 || policy.expectations.size > 0
  const observing = observingGate(policy, knowledge)
  return {
    policy,
    judge(request, response, source) {
      if (policy.normalizeClientErrors) attachmentOf(request)?.heed(policy)
      if (request.method === 'OPTIONS') advertiseLimits(response, policy)
      if (!concernsUs(request)) return 'pass'
      const exchange = exchangeOf(request) ?? adopt(request, response)
      exchange?.entered(observing, source)
      if (exchange !== undefined) adviseOnEntry(exchange)
      const head = exchange?.head ?? requestHeadOf(request)
      const controller = asks ? exchange?.controller : undefined
      const decision = decideFully(head, policy, {
        request: asks ? (knowledge.requestOf?.(source) ?? source) : undefined,
        controller,
        reading: exchange?.reading,
      })
      if (!(decision instanceof Promise)) return conclude(exchange, policy, decision)
      const asked = performance.now()
      return decidingPending(request, decision).then(
        (late) => {
          adviseOnDecision(performance.now() - asked)
          return exchange?.left ? 'gone' : conclude(exchange, policy, late)
        },
        (error: unknown) => {
          if (exchange?.left) return 'gone'
          throw error
        },
      )
    },
  }
}

function conclude(exchange: Exchange | undefined, policy: Policy, decision: Decision): Verdict {
  exchange?.decided(decision)
  if (decision.kind === 'refuse') return decision.refusal
  if (policy.continueTiming === 'after-checks') exchange?.sendContinue()
  if (exchange !== undefined) adviseOnPass(exchange)
  return 'pass'
}
