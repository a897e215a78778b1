// Requests that no route took. Fastify parses their content before it answers 404, which asks for an
// upload that goes nowhere. Laws:
// - every hook of the application runs that Fastify would run, in Fastify's order
// - only where nothing of the application's is left to run, the 404 is given from the head

import { exchangeOf } from '@expectation/core/node'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { notFoundHandlerFromHead } from './fastify-internals.js'

/** A `preParsing` hook: `onRequest` hooks have run, content has not been asked for. */
export function answerNotFoundFromHead(
  request: FastifyRequest,
  reply: FastifyReply,
  _payload: unknown,
  done: () => void,
): void {
  // Without content Fastify goes on to the handler at once.
  const concerned = request.is404 && exchangeOf(request.raw) !== undefined
  const handler = concerned ? notFoundHandlerFromHead(request) : undefined
  if (handler === undefined) done()
  else handler(request, reply)
}
