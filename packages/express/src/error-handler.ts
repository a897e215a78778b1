// The last middleware: whatever was thrown, and whatever was not found, as one error shape.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { compileErrorPolicy, describeError, notFound as notFoundRefusal } from '@expectation/core'
import { callUserCode, clientHasLeft, requestHeadOf, writeError } from '@expectation/core/node'
import { somethingBehind } from './error-route.js'
import type { Middleware, Next } from './gate.js'
import type { ErrorHandlerOptions } from './types.js'

/** Middleware of Express that takes errors, in Node's own types. */
export type ErrorMiddleware = (
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  next: Next,
) => void

/**
 * Express middleware for the end of an application: `app.use(errorHandler())`.
 *
 * Fields that the response carries stay, `Retry-After` and `WWW-Authenticate` too. `OPTIONS` without
 * a route of its own is left to Express, which answers it with `Allow`.
 *
 * @throws OptionError - an option is wrong.
 */
export function errorHandler(options?: ErrorHandlerOptions): (Middleware | ErrorMiddleware)[] {
  const { format, notFound, log } = compileErrorPolicy<IncomingMessage>(options)

  // Four parameters are how Express knows an error handler.
  function answerError(
    error: unknown,
    request: IncomingMessage,
    response: ServerResponse,
    _next: Next,
  ): void {
    const facts = describeError(error)
    const clientGone = clientHasLeft(request, response)
    callUserCode('log', () => log(error, { request, status: facts.status, clientGone }), log)
    writeError(response, requestHeadOf(request), facts, format)
  }

  function answerNotFound(request: IncomingMessage, response: ServerResponse, next: Next): void {
    // Express answers OPTIONS from the routes of an address (RFC 9110 section 9.3.7), once every
    // middleware has passed without an error. It leaves an answer alone whose head is out.
    const found = request.method === 'OPTIONS' || response.headersSent
    if (found || somethingBehind(request, answerNotFound)) next()
    // Nobody has failed: passed on, it would be an error to tracing, as it is not without this.
    else answerError(notFoundRefusal(), request, response, next)
  }

  return notFound ? [answerNotFound, answerError] : [answerError]
}
