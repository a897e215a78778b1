// Whatever was thrown, as one error shape. The application's own `setErrorHandler` wins.

import { describeError } from '@expectation/core'
import { breakOff, clientHasLeft, renderAnswer, requestHeadOf } from '@expectation/core/node'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PluginPolicy } from './options.js'

type RouteErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void

/**
 * Set on routes, not with `setErrorHandler`: Fastify warns when an application sets its own in the
 * same scope, or refuses it (`allowErrorHandlerOverride`). An error thrown here goes on to theirs.
 */
export function errorHandlerFor(policy: PluginPolicy): RouteErrorHandler {
  return function expectationErrorHandler(error, request, reply) {
    if (!answersErrors(request)) throw error
    answerError(policy, error, request, reply)
  }
}

/** Ends a hook with an error: answered here, unless the application answers errors by itself. */
export function failWith(
  policy: PluginPolicy,
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  if (policy.errorHandler && answersErrors(request)) answerError(policy, error, request, reply)
  else done(error)
}

/** Fastify's own error handler bears this name, also as seen from outside. */
export function answersErrors(request: FastifyRequest): boolean {
  return request.server.errorHandler.name === 'defaultErrorHandler'
}

export function answerError(
  policy: PluginPolicy,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const facts = describeError(error)
  const clientGone = clientHasLeft(request.raw, reply.raw)
  policy.log(error, { request, status: facts.status, clientGone })
  if (reply.raw.headersSent) {
    // Written past Fastify, on `reply.raw`: half an answer must not look like a whole one.
    reply.hijack()
    if (!reply.raw.writableEnded) breakOff(reply.raw)
    return
  }
  const rendered = renderAnswer(reply.raw, requestHeadOf(request.raw), facts, policy.gate.format)
  // Fastify counts the length itself, after hooks that may change the body.
  const { 'Content-Length': _length, ...headers } = rendered.headers
  reply.code(rendered.status).headers(headers).send(rendered.body)
}
