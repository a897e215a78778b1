// The first middleware: whatever was thrown behind it, and whatever was not found, as one error
// shape.

import {
  compileErrorPolicy,
  describeError,
  type ErrorHandlerOptions,
  Refusal,
} from '@expectation/core'
import { clientHasLeft, renderAnswer, requestHeadOf } from '@expectation/core/node'
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
      if (notFound && isNotFound(context)) throw new Refusal(404, { reason: 'not_found' })
    } catch (error) {
      answer(error, context)
    }
  }

  function answer(error: unknown, context: Context): void {
    const facts = describeError(error)
    const clientGone = clientHasLeft(context.req, context.res)
    log(error, { request: context, status: facts.status, clientGone })
    if (facts.status >= 500 && !clientGone) context.app.emit('error', error, context)
    if (context.headerSent) {
      // Half an answer must not look like a whole one; a whole one is on its way and stays.
      context.respond = false
      if (!context.res.writableEnded) context.res.destroy()
      return
    }
    const rendered = renderAnswer(context.res, requestHeadOf(context.req), facts, format)
    context.status = rendered.status
    // Koa guesses type and length from the body; the rendered fields come last, and stand.
    context.body = rendered.body
    context.set(rendered.headers)
  }

  return answerErrors
}

/** Koa's state when nobody has answered; `body = null` would have made it 204. */
function isNotFound(context: Context): boolean {
  return context.status === 404 && context.body === undefined && context.respond !== false
}
