// The gate as Fastify plugin: decides in `onRequest`, and hands refusals to Fastify's error handling.

import {
  type ExpectationOptions,
  type Logger,
  mergeOptions,
  optionNames,
  type Refusal,
  rejectUnknownNames,
} from '@expectation/core'
import {
  adviseOnBodyLimit,
  announceApplication,
  announceGate,
  attachMounted,
  concernsUs,
  createGate,
  exchangeOf,
  type Gate,
  type GateKnowledge,
  PendingVerdict,
  type Verdict,
} from '@expectation/core/node'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { answerError } from './answer-error.js'
import {
  clientErrorListenerOf,
  hasNoLogger,
  isLoggingDisabled,
  meetsFastifysErrorHandler,
  noteNotFoundHandler,
  standInForErrorHandler,
} from './fastify-internals.js'
import { answerNotFoundFromHead } from './not-found.js'
import {
  type ExpectationPluginOptions,
  readPluginOptions,
  requireInConfig,
  requireRegistered,
} from './options.js'

async function plugin(fastify: FastifyInstance, options: ExpectationPluginOptions): Promise<void> {
  requireRegistered('expectation', fastify, options)
  const policy = readPluginOptions(options)
  const knowledge = knowledgeOf(fastify)
  const gate = createGate(policy.gate, knowledge)
  const routeGates = new WeakMap<ExpectationOptions<FastifyRequest>, Gate<FastifyRequest>>()
  /** Of requests that no server brought (`inject`): nobody else knows what was decided. */
  const refused = new WeakMap<FastifyRequest, Refusal>()

  function gateOf(request: FastifyRequest): Gate<FastifyRequest> {
    const own = request.routeOptions.config.expectation
    return own === undefined ? gate : routeGate(own)
  }

  function routeGate(own: ExpectationOptions<FastifyRequest>): Gate<FastifyRequest> {
    const known = routeGates.get(own)
    if (known !== undefined) return known
    rejectUnknownNames('', own, optionNames)
    const made = createGate(mergeOptions(policy.gate, own), knowledge)
    routeGates.set(own, made)
    return made
  }

  fastify.addHook('onRoute', (route) => {
    requireInConfig(route)
    // Wrong options of a route throw here, where the route is written.
    const own = route.config?.expectation
    const { maxContentLength } = (own === undefined ? gate : routeGate(own)).policy
    adviseOnBodyLimit(maxContentLength, route.bodyLimit)
  })

  fastify.addHook('onRequest', (request, reply, done) => {
    // Looking up a route's options costs more than everything else that a plain GET goes through.
    if (isPlain(request)) return done()
    const chosen = gateOf(request)
    const verdict = chosen.judge(request.raw, reply.raw, request)
    if (verdict instanceof PendingVerdict) {
      verdict.whenKnown({
        known: (late) => conclude(chosen, late, request, reply, done),
        failed: done,
      })
    } else {
      conclude(chosen, verdict, request, reply, done)
    }
  })

  function conclude(
    chosen: Gate<FastifyRequest>,
    verdict: Verdict,
    request: FastifyRequest,
    reply: FastifyReply,
    done: (error?: Error) => void,
  ): void {
    if (verdict === 'pass') done()
    else if (verdict === 'gone') reply.hijack()
    else refuse(chosen, verdict, request, reply, done)
  }

  /** Fastify tells `onError` hooks and its error handlers; the last of them is ours, unless the route is older. */
  function refuse(
    chosen: Gate<FastifyRequest>,
    refusal: Refusal,
    request: FastifyRequest,
    reply: FastifyReply,
    done: (error?: Error) => void,
  ): void {
    if (meetsFastifysErrorHandler(request)) {
      answerError(shapeOf(chosen, reply), refusal, request, reply)
      return
    }
    if (exchangeOf(request.raw) === undefined) refused.set(request, refusal)
    done(refusal)
  }

  /**
   * The refusal that a gate, or a limit behind it, has decided on: the error, or what a plugin made the error of, as
   * @fastify/reply-from does.
   */
  function decidedIn(error: unknown, request: FastifyRequest): Refusal | undefined {
    const decision = exchangeOf(request.raw)?.decision
    const refusal = decision?.kind === 'refuse' ? decision.refusal : refused.get(request)
    const isIt = error === refusal || (error instanceof Error && error.cause === refusal)
    return isIt ? refusal : undefined
  }

  const shapeOf = (chosen: Gate<FastifyRequest>, reply: FastifyReply) => ({
    format: chosen.formatOn(reply.raw),
    log: policy.log,
  })

  // Also of content that goes over the limit while it is read: an error of its stream.
  standInForErrorHandler(fastify, (own) => (error, request, reply) => {
    const refusal = decidedIn(error, request)
    if (refusal === undefined) own(error, request, reply)
    else answerError(shapeOf(gateOf(request), reply), refusal, request, reply)
  })

  fastify.addHook('preParsing', answerNotFoundFromHead)
  noteNotFoundHandler(fastify)
  wire(fastify, gate)
}

/** There is nothing to decide, to tell or to find. */
function isPlain(request: FastifyRequest): boolean {
  return !concernsUs(request.raw) && request.method !== 'OPTIONS'
}

function knowledgeOf(fastify: FastifyInstance): GateKnowledge<FastifyRequest> {
  const routeOf = (request: FastifyRequest) => request.routeOptions.url
  return hasNoLogger(fastify) ? { routeOf } : { routeOf, loggerOf }
}

function loggerOf(request: FastifyRequest): Logger | undefined {
  return isLoggingDisabled(request) || request.log.level === 'silent' ? undefined : request.log
}

/** Ties the instance's server, and those that `listen` makes for further addresses of a name. */
function wire(fastify: FastifyInstance, gate: Gate<FastifyRequest>): void {
  announceGate(gate, gate.policy)
  // Fastify always listens for client errors.
  attachMounted(fastify.server, [gate], clientErrorListenerOf(fastify))
  for (const listener of fastify.server.listeners('request')) {
    announceApplication(listener, [gate])
  }
}

/**
 * Decides about requests from their heads, before their content is asked for, on the instance it is
 * registered on and below. A route's `config.expectation` overrides its options.
 *
 * A refusal goes to the error handler of the route or the instance; where there is none, the plugin
 * answers it. Other errors are left alone: register `errorHandler` for those.
 *
 * @throws OptionError - an option is wrong; it says which, what it got and what to do.
 */
export const expectation: FastifyPluginAsync<ExpectationPluginOptions> = fastifyPlugin(plugin, {
  fastify: '5.x',
  name: '@expectation/fastify',
})
