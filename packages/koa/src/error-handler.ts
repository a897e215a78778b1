// The first middleware: whatever was thrown behind it, and whatever was not found, as one error
// shape.

import {
  compileErrorPolicy,
  describeError,
  type ErrorHandlerOptions,
  notFound as notFoundRefusal,
} from '@expectation/core'
import { breakOff, clientHasLeft, renderAnswer, requestHeadOf } from '@expectation/core/node'
import type { Context, Middleware, Next } from 'koa'

/**
 * Koa middleware for the beginning of an application: `app.use(errorHandler())`.
 *
 * Errors that the server is to blame for (5xx) are emitted on the application as `error`, as Koa
 * does it; its own listener prints them.
 *
 * @throws OptionError - an option is wrong.
 */
export function errorHandler(options?: ErrorHandlerOptions<Context>): Middleware {
  const { format, notFound, log } = compileErrorPolicy<Context>(options, () => undefined)

  async function answerErrors(context: Context, next: Next): Promise<void> {
    try {
      await next()
      if (notFound && isNotFound(context)) throw notFoundRefusal()
    } catch (error) {
      answer(error, context)
    }
  }

  function answer(error: unknown, context: Context): void {
    const facts = describeError(error)
    const clientGone = clientHasLeft(context.req, context.res)
    log(error, { request: context, status: facts.status, clientGone })
    if (context.headerSent) {
      // Half an answer must not look like a whole one; a whole one is on its way and stays.
      context.respond = false
      if (!context.res.writableEnded) breakOff(context.res)
      return
    }
    const rendered = renderAnswer(context.res, requestHeadOf(context.req), facts, format)
    context.status = rendered.status
    // Koa guesses type and length from the body; the rendered fields come last, and stand.
    context.body = rendered.body
    context.set(rendered.headers)
    if (facts.status >= 500 && !clientGone) context.app.emit('error', asError(error), context)
  }

  return answerErrors
}

/** Koa's own listener throws when it is given anything else. */
function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`non-error thrown: ${String(thrown)}`)
}

/** Koa's state when nobody has answered; `body = null` would have made it 204. */
function isNotFound(context: Context): boolean {
  return context.status === 404 && context.body === undefined && context.respond !== false
}
