// The gate that every adapter mounts: finds the exchange, has it decided, tells it so.
// It never answers: an adapter hands a refusal to its framework (law 7).

import { beginDecision } from '../../decide/checks.js'
import { readHeadFacts } from '../../head/head-facts.js'
import type { ExpectationOptions } from '../../policy/options.js'
import { compilePolicy } from '../../policy/policy.js'
import { adviseOnEntry } from '../advice/exchange-advice.js'
import { tellLimits } from '../answer/limits.js'
import { exchangeOfRequest, exchangeOfResponse } from '../exchange/find-exchange.js'
import { reportRelease } from '../exchange/holdings.js'
import { concernsUs, readRequestHead } from '../exchange/request-head.js'
import { Observer } from '../observe/gates-met.js'
import { gateReached } from '../server/find-servers.js'
import type { Gate, GateKnowledge } from './gate.js'
import { attachedServerOf, attachLate } from './late-attach.js'
import { PendingVerdict, verdictOn } from './verdict.js'

/** @typeParam FrameworkRequest - The framework's request or context, asked again at the end. */
export function createGate<FrameworkRequest extends object>(
  options?: ExpectationOptions,
  knowledge: GateKnowledge<FrameworkRequest> = {},
): Gate<FrameworkRequest> {
  const policy = compilePolicy(options)
  const observing = new Observer(policy, knowledge)
  let isReached = false
  const reachedOn = new WeakSet<object>()
  return {
    policy,
    judge(request, response, frameworkRequest) {
      const server = attachedServerOf(request, policy.normalizeClientErrors)
      if (server === undefined ? !isReached : !reachedOn.has(server)) {
        isReached = true
        if (server !== undefined) reachedOn.add(server)
        gateReached(policy, server)
      }
      if (policy.advertiseLimits && request.method === 'OPTIONS') {
        tellLimits(response, policy, undefined, undefined)
      }
      const opened = exchangeOfRequest(request)
      if (opened === undefined && !concernsUs(request)) return 'pass'
      const exchange = opened ?? attachLate(request, response)
      exchange?.gateMet(observing, frameworkRequest)
      if (exchange !== undefined) adviseOnEntry(exchange)
      const head = exchange?.head ?? readRequestHead(request)
      const asked = knowledge.requestOf?.(frameworkRequest) ?? frameworkRequest
      const messages = exchange ?? { request, response }
      const subject = { head, policy, request: asked, report: reportRelease, messages }
      const begun = beginDecision(exchange ?? readHeadFacts(head), subject, PendingVerdict)
      if (!(begun instanceof PendingVerdict)) {
        return verdictOn({ exchange, request, response, policy }, begun)
      }
      begun.wait()
      return begun
    },
    formatOn(response) {
      return exchangeOfResponse(response)?.policy.format ?? policy.format
    },
  }
}
