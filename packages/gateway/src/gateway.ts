// The handler: judged by core like any upload, then relayed. What the gateway refuses by itself goes to
// whoever mounted it, so that CORS, logs and the error shape hold; a bare server is answered here.

import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  announceGate,
  createGate,
  exchangeOf,
  PendingVerdict,
  type Verdict,
} from '@expectation/core/node'
import type { GatewayOptions } from './options/options.js'
import { compileGateway } from './options/policy.js'
import { RelayHost } from './relay/host.js'
import { answerAsLast, forwardsOf } from './relay/max-forwards.js'
import { answerError } from './relay/own-answer.js'
import { planOf } from './relay/plan.js'
import { Relay } from './relay/relay.js'

/** @param next - Told what the gateway itself refuses with; without it the gateway answers. */
export type GatewayHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void

/**
 * Carries requests to upstreams, and uploads only to one that says yes: an upstream is asked before it
 * is sent content, and while none was read another one takes the upload when one says no.
 *
 * A handler for `http.createServer`, Express, Koa (`ctx.req`, `ctx.res`) and Fastify (`request.raw`,
 * `reply.raw`), over HTTP/1.1 and HTTP/2. Nothing may have read the content before it.
 *
 * @example
 * app.use('/storage', gateway({ upstreams: ['http://storage-1:9000', 'http://storage-2:9000'] }))
 *
 * @throws OptionError - an option is wrong; it says which, what it got and what to do.
 */
export function gateway(options: GatewayOptions): GatewayHandler {
  const host = new RelayHost(compileGateway(options))
  const planPolicy = { ...host.policy, via: host.via }
  const gate = createGate()

  function expectationGateway(
    request: IncomingMessage,
    response: ServerResponse,
    next?: (error?: unknown) => void,
  ): void {
    const refuse = (error: unknown): void => {
      if (next !== undefined) next(error)
      else answerError(request, response, error)
    }
    const conclude = (verdict: Verdict): void => {
      if (verdict === 'pass') relay(request, response, refuse)
      else if (verdict !== 'gone') refuse(verdict)
    }
    // A gate that was asked before has spoken, and may know more than ours.
    if (exchangeOf(request)?.decision !== undefined) {
      conclude('pass')
      return
    }
    const verdict = gate.judge(request, response, request)
    if (verdict instanceof PendingVerdict) verdict.whenKnown({ known: conclude, failed: refuse })
    else conclude(verdict)
  }

  function relay(
    request: IncomingMessage,
    response: ServerResponse,
    refuse: (error: unknown) => void,
  ): void {
    let plan: ReturnType<typeof planOf>
    try {
      plan = planOf(request, planPolicy)
    } catch (error) {
      // To `next`, nothing is no error.
      refuse(error ?? new TypeError('trust threw nothing.'))
      return
    }
    if (forwardsOf(plan.method, request.headers['max-forwards']) === 'spent') {
      answerAsLast(plan.method, response, refuse)
      return
    }
    new Relay(host, plan, request, response, refuse).begin()
  }

  announceGate(expectationGateway, gate.policy)
  return expectationGateway
}
