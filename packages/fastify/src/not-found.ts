// Requests that no route took. Fastify would parse their content before it answers 404, which asks
// for an upload that goes nowhere: here the not-found handler runs from the head.

import { notFound } from '@expectation/core'
import { exchangeOf } from '@expectation/core/node'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { answerError, failWith } from './error-handler.js'
import type { PluginPolicy } from './options.js'

export function answerNotFound(
  policy: PluginPolicy,
  request: FastifyRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const { handler } = request.routeOptions
  if (policy.notFound && isFastifysOwn(handler)) {
    answerError(policy, notFound(), request, reply)
  } else if (exchangeOf(request.raw) === undefined) {
    done()
  } else {
    runHandler(handler, request, reply).catch((error) =>
      failWith(policy, error, request, reply, done),
    )
  }
}

/** The name that Fastify gives its own not-found handler. */
function isFastifysOwn(handler: { readonly name: string }): boolean {
  return handler.name === 'basic404'
}

async function runHandler(
  handler: FastifyRequest['routeOptions']['handler'],
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const payload: unknown = await handler.call(request.server, request, reply)
  if (payload !== undefined && !reply.sent) reply.send(payload)
}
