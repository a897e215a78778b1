// What @fastify/reply-from, and @fastify/http-proxy on top of it, take in place of an undici dispatcher:
// an object with `request(options, callback)`. It asks where undici throws for `Expect`.

import { readChoice, rejectUnknownNames } from '@expectation/core'
import { type AskOptions, readAskOptions } from '../options/ask-options.js'
import { originOf } from '../options/origin.js'
import { http1Upstream } from '../upstream/http1.js'
import { agentFor } from '../upstreams/agents.js'
import { ByOrigin, OriginMemory } from '../upstreams/memory.js'
import { Dispatch, type DispatchPolicy, type DispatchTarget } from './dispatch.js'
import { type DispatchCallback, type DispatchRequest, headOf } from './dispatch-request.js'

export interface DispatcherOptions extends AskOptions {
  /**
   * What the silence of an upstream that was asked means: `'send'` the content anyway, and for ten
   * minutes ask this upstream no more; or `'refuse'`, which the plugin answers with 504. Default
   * `'send'`.
   */
  readonly onSilence?: 'send' | 'refuse'
}

export interface Dispatcher {
  request(request: DispatchRequest, callback: DispatchCallback): void
  /** Closes idle connections. */
  destroy(): void
}

const CONNECT_TIMEOUT_MS = 3000
const RESPONSE_TIMEOUT_MS = 60_000
const IDLE_TIMEOUT_MS = 60_000

/**
 * @example
 * await app.register(proxy, { upstream: 'http://storage:9000', undici: dispatcher() })
 *
 * @throws OptionError - an option is wrong; it says which, what it got and what to do.
 */
export function dispatcher(options: DispatcherOptions = {}): Dispatcher {
  const known = ['ask', 'askFromBytes', 'continueTimeoutMs', 'onSilence']
  rejectUnknownNames('', options, known)
  const silences = ['send', 'refuse'] as const
  const policy: DispatchPolicy = Object.freeze({
    ...readAskOptions(options),
    onSilence: readChoice('onSilence', options.onSilence, silences) ?? 'send',
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    responseTimeoutMs: RESPONSE_TIMEOUT_MS,
  })
  const agents = new Set<ReturnType<typeof agentFor>>()
  const targets = new ByOrigin<DispatchTarget>((origin) => {
    const agent = agentFor(origin, { idleTimeoutMs: IDLE_TIMEOUT_MS, tls: undefined })
    agents.add(agent)
    return { upstream: http1Upstream(origin, agent), memory: new OriginMemory(Date.now) }
  })
  return {
    request(request, callback) {
      const origin = originOf('origin', request.origin)
      const head = headOf(request, new URL(origin).host)
      new Dispatch(targets.of(origin), head, request, policy, callback).begin()
    },
    destroy() {
      for (const agent of agents) agent.destroy()
    },
  }
}
