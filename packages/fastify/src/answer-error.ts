// One error as the reply, and as a line of the request's logger.

import {
  describeError,
  type ErrorContext,
  type ErrorPolicy,
  isPlanned,
  isReplacedByError,
  type Refusal,
  withCarried,
} from '@expectation/core'
import {
  callUserCode,
  clientHasLeft,
  isAnsweredAlready,
  renderAnswer,
  requestHeadOf,
} from '@expectation/core/node'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isLoggingDisabled } from './fastify-internals.js'

type Policy = Pick<ErrorPolicy<FastifyRequest>, 'format' | 'log'>

export function answerError(
  policy: Policy,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const field = (name: string) => reply.getHeader(name) ?? reply.raw.getHeader(name)
  const facts = withCarried(describeError(error), field)
  const clientGone = clientHasLeft(request.raw, reply.raw)
  callUserCode(
    'log',
    () => policy.log(error, { request, status: facts.status, clientGone }),
    policy.log,
  )
  // Written past Fastify, on `reply.raw`.
  if (isAnsweredAlready(reply.raw)) {
    reply.hijack()
    return
  }
  for (const name of Object.keys(reply.getHeaders())) {
    if (isReplacedByError(name)) reply.removeHeader(name)
  }
  const rendered = renderAnswer(reply.raw, requestHeadOf(request.raw), facts, policy.format)
  // Fastify counts the length itself, after hooks that may change the body.
  const { 'Content-Length': _length, ...headers } = rendered.headers
  reply.code(rendered.status).headers(headers)
  // What a hook or a route has set is for its own answer; Fastify's own errors go past it.
  reply.serializer(asRendered).send(rendered.body)
}

function asRendered(text: string): string {
  return text
}

/** As Fastify's own error handler does, at the same levels; heeds `disableRequestLogging`. */
export function logToRequest(error: unknown, context: ErrorContext<FastifyRequest>): void {
  const { request, status, clientGone } = context
  if (isLoggingDisabled(request)) return
  const planned = isPlanned(error)
  const fields = { err: planned ? briefOf(error) : error }
  if (clientGone) request.log.info(fields, 'client left')
  else if (status >= 500 && !planned) request.log.error(fields, 'request failed')
  else request.log.info(fields, 'request refused')
}

/** Without the stack: where a refusal was made on purpose tells nobody anything. */
function briefOf({ name, message, reason, status }: Refusal): object {
  return { type: name, message, reason, status }
}
