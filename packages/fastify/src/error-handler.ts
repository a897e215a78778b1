// The plugin that gives every error of an instance one shape, and every request that no route took.
// Law: error and not-found handlers of the application win, wherever and whenever they are set.

import { compileErrorPolicy, type ErrorHandlerOptions, notFound } from '@expectation/core'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { answerError, logToRequest } from './answer-error.js'
import {
  hasDefaultErrorHandler,
  letErrorHandlerBeSet,
  replaceNotFoundHandler,
} from './fastify-internals.js'
import { requireRegistered, withoutRegisterOptions } from './options.js'

async function plugin(
  fastify: FastifyInstance,
  options: ErrorHandlerOptions<FastifyRequest>,
): Promise<void> {
  requireRegistered('errorHandler', fastify, options)
  const policy = compileErrorPolicy<FastifyRequest>(withoutRegisterOptions(options), logToRequest)

  function expectationErrorHandler(
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    answerError(policy, error, request, reply)
  }

  // Set here, it is below what the application sets later, and above nothing that it has set before.
  if (hasDefaultErrorHandler(fastify)) {
    fastify.setErrorHandler(expectationErrorHandler)
    letErrorHandlerBeSet(fastify)
  }
  if (policy.notFound && fastify.prefix === '') {
    replaceNotFoundHandler(fastify, (request, reply) => {
      answerError(policy, notFound(), request, reply)
    })
  }
}

/**
 * Gives every error of the instance it is registered on, and below, the shape of refusals:
 * `await app.register(errorHandler)`, before the routes, as with `setErrorHandler`. Requests that no
 * route took get it too when it is registered at the root.
 *
 * Error handlers of routes, `setErrorHandler` and `setNotFoundHandler` of the application win.
 *
 * @throws OptionError - an option is wrong.
 */
export const errorHandler: FastifyPluginAsync<ErrorHandlerOptions<FastifyRequest>> = fastifyPlugin(
  plugin,
  { fastify: '5.x', name: '@expectation/fastify/error-handler' },
)
