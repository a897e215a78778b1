// Options of the plugin: those of every gate, and what Fastify adds.

import {
  compileErrorPolicy,
  type ErrorContext,
  type ErrorHandlerOptions,
  type ExpectationOptions,
} from '@expectation/core'
import type { FastifyRequest } from 'fastify'

export interface ExpectationPluginOptions extends ExpectationOptions<FastifyRequest> {
  /**
   * Answer errors in the normalized shape, where the application sets no error handler of its own.
   * Default true.
   */
  readonly errorHandler?: boolean
  /**
   * Answer requests that no route took in the normalized shape, where the application sets no
   * not-found handler of its own. Default true.
   */
  readonly notFound?: boolean
  /** Told every error once, whole. Default: `request.log`, as `info` for 4xx and `error` for 5xx. */
  readonly log?: ErrorHandlerOptions<FastifyRequest>['log']
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Options of `@expectation/fastify` for this route; they override the plugin's. */
    expectation?: ExpectationOptions<FastifyRequest>
  }
}

export interface PluginPolicy {
  /** The gate's own options, as a route's are merged over them. */
  readonly gate: ExpectationOptions<FastifyRequest>
  readonly errorHandler: boolean
  readonly notFound: boolean
  readonly log: NonNullable<ErrorHandlerOptions<FastifyRequest>['log']>
}

/** @throws OptionError - an option is wrong; the gate's own are checked when it is made. */
export function readPluginOptions(options: ExpectationPluginOptions): PluginPolicy {
  const { errorHandler, notFound, log, ...gate } = options
  const policy = compileErrorPolicy<FastifyRequest>(
    { ...(notFound !== undefined && { notFound }), ...(log !== undefined && { log }) },
    logToRequest,
  )
  return { gate, errorHandler: errorHandler ?? true, notFound: policy.notFound, log: policy.log }
}

function logToRequest(error: unknown, context: ErrorContext<FastifyRequest>): void {
  const { request, status, clientGone } = context
  if (status >= 500 && !clientGone) request.log.error({ err: error }, 'request failed')
  else request.log.info({ err: error }, clientGone ? 'client left' : 'request refused')
}
