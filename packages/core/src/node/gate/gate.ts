// The gate that every adapter mounts: finds or adopts the exchange, has it decided, tells it so.
// It never answers: an adapter hands a refusal to its framework (law 7).

import type { IncomingMessage, ServerResponse } from 'node:http'
import { beginDecision } from '../decide/checks.js'
import { Interview } from '../decide/interview.js'
import { readHead } from '../decide/reading.js'
import type { ExpectationOptions } from '../policy/options.js'
import { compilePolicy, type Policy } from '../policy/policy.js'
import { adopt, attachmentOf } from './adopt.js'
import { adviseOnEntry } from './advice/exchange-advice.js'
import { advertiseLimits } from './answer.js'
import { exchangeOfRequest } from './exchange.js'
import { type OutcomeKnowledge, observingGate } from './outcome-record.js'
import { concernsUs, readRequestHead } from './request-head.js'
import { PendingVerdict, type Verdict, verdictOn } from './verdict.js'

export interface Gate<Source extends object = object> {
  readonly policy: Policy
  /**
   * Decides about one request. Answers at once when nothing asynchronous has to be asked.
   *
   * @throws what a check threw, if it was not a `Refusal`; {@link PendingVerdict} tells it later.
   */
  judge(
    request: IncomingMessage,
    response: ServerResponse,
    source: Source,
  ): Verdict | PendingVerdict
}

/** What an adapter adds to a gate: what its framework knows of a request. */
export interface GateKnowledge<Source> extends OutcomeKnowledge<Source> {
  /** What checks are given as `request`. Default: the source. */
  readonly requestOf?: (source: Source) => unknown
}

/** @typeParam Source - The framework's request or context, asked again when the exchange settles. */
export function createGate<Source extends object>(
  options?: ExpectationOptions,
  knowledge: GateKnowledge<Source> = {},
): Gate<Source> {
  const policy = compilePolicy(options)
  const observing = observingGate(policy, knowledge)
  return {
    policy,
    judge(request, response, source) {
      if (policy.normalizeClientErrors) attachmentOf(request)?.heed(policy)
      if (policy.advertiseLimits && request.method === 'OPTIONS') advertiseLimits(response, policy)
      const opened = exchangeOfRequest(request)
      if (opened === undefined && !concernsUs(request)) return 'pass'
      const exchange = opened ?? adopt(request, response)
      exchange?.entered(observing, source)
      if (exchange !== undefined) adviseOnEntry(exchange)
      const head = exchange?.head ?? readRequestHead(request)
      const reading = exchange ?? readHead(head)
      const subject = { head, policy, request: knowledge.requestOf?.(source) ?? source }
      const begun = beginDecision(reading, subject)
      return begun instanceof Interview
        ? new PendingVerdict(request, policy, begun)
        : verdictOn(exchange, policy, begun)
    },
  }
}
