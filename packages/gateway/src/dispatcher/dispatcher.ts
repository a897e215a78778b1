// What @fastify/reply-from, and @fastify/http-proxy on top of it, take in place of an undici dispatcher:
// an object with `request(options, callback)`. It asks where undici throws for `Expect`.

import type { Agent } from 'node:http'
import { OptionError, readChoice, rejectUnknownNames } from '@expectation/core'
import { type AskOptions, readAskOptions } from '../options/ask-options.js'
import { originOf } from '../options/origin.js'
import { http1Upstream } from '../upstream/http1.js'
import { agentFor } from '../upstreams/agents.js'
import { ByOrigin, OriginMemory } from '../upstreams/memory.js'
import { Dispatch, type DispatchPolicy, type DispatchTarget } from './dispatch.js'
import { type DispatchCallback, type DispatchRequest, readRequest } from './dispatch-request.js'

export interface DispatcherOptions extends AskOptions {
  /**
   * What the silence of an upstream that was asked means: `'send'` the content anyway, and for ten
   * minutes ask this upstream no more; or `'refuse'`, which the plugin answers with 504. Default
   * `'send'`.
   */
  readonly onSilence?: 'send' | 'refuse'
}

type UndiciCallback = (error: Error | null, answer: never) => void

export interface Dispatcher {
  request(request: DispatchRequest, callback: DispatchCallback): void
  /** As undici types it: its answers have more than the plugins read, and than there is here. */
  request(request: DispatchRequest, callback: UndiciCallback): void
  /** @deprecated undici's form without a callback, which no plugin uses, rejects. */
  request(request: DispatchRequest): Promise<never>
  /** Closes every connection at once, as undici does: requests and answers that are under way fail. */
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
    idleTimeoutMs: IDLE_TIMEOUT_MS,
  })
  // The agent of an origin is forgotten with it; its idle connections end by themselves.
  const targets = new ByOrigin<DispatchTarget & { readonly agent: Agent }>((origin) => {
    const agent = agentFor(origin, { idleTimeoutMs: IDLE_TIMEOUT_MS, tls: undefined })
    return { agent, upstream: http1Upstream(origin, agent), memory: new OriginMemory() }
  })
  function request(given: DispatchRequest, callback: DispatchCallback | UndiciCallback): void
  function request(given: DispatchRequest): Promise<never>
  function request(
    given: DispatchRequest,
    callback?: DispatchCallback | UndiciCallback,
  ): Promise<never> | undefined {
    if (callback === undefined) {
      const remedy = 'Give a function (error, answer).'
      return Promise.reject(new OptionError({ option: 'callback', received: callback, remedy }))
    }
    const origin = originOf('origin', given.origin)
    const read = readRequest(given, new URL(origin).host)
    // One of undici's type gets what the plugins read of its answers.
    new Dispatch(targets.of(origin), read, policy, callback as DispatchCallback).begin()
    return undefined
  }
  return {
    request,
    destroy() {
      for (const { agent } of targets.values()) agent.destroy()
    },
  }
}
