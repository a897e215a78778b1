// The first middleware: whatever was thrown behind it, and whatever was not found, as one error
// shape.

import {
  compileErrorPolicy,
  describeError,
  type ErrorFacts,
  type ErrorHandlerOptions,
  notFound as notFoundRefusal,
} from '@expectation/core'
import {
  callUserCode,
  clientHasLeft,
  isAnsweredAlready,
  renderAnswer,
  requestHeadOf,
} from '@expectation/core/node'
import type { Context, Middleware, Next } from 'koa'
import { requireKoa } from './require-koa.js'

/**
 * Koa middleware for the beginning of an application: `app.use(errorHandler())`.
 *
 * Every error is emitted on the application as `error`, as Koa does it; its own listener prints those
 * that were not made to be shown. Fields that the response carries stay, `Retry-After` and
 * `WWW-Authenticate` too.
 *
 * @throws OptionError - an option is wrong.
 */
export function errorHandler(options?: ErrorHandlerOptions<Context>): Middleware {
  const { format, notFound, log } = compileErrorPolicy<Context>(options, () => undefined)

  async function answerErrors(context: Context, next: Next): Promise<void> {
    requireKoa(context)
    try {
      await next()
    } catch (error) {
      answer(error, context)
      context.app.emit('error', asError(error), context)
      return
    }
    // Koa emits nothing for what nobody has answered.
    if (notFound && isNotFound(context)) answer(notFoundRefusal(), context)
  }

  function answer(error: unknown, context: Context): void {
    const facts = factsOf(error, context)
    const clientGone = clientHasLeft(context.req, context.res)
    callUserCode(
      'log',
      () => log(error, { request: context, status: facts.status, clientGone }),
      log,
    )
    if (isAnsweredAlready(context.res)) {
      context.respond = false
      return
    }
    // Koa itself answers what was thrown behind it, too.
    context.respond = true
    const rendered = renderAnswer(context.res, requestHeadOf(context.req), facts, format)
    context.status = rendered.status
    // Koa guesses type and length from the body; the rendered fields come last, and stand.
    context.body = rendered.body
    context.set(rendered.headers)
  }

  return answerErrors
}

function factsOf(error: unknown, context: Context): ErrorFacts {
  const facts = describeError(error)
  if (facts.status !== 405 || saysAllow(facts, context)) return facts
  const allow = allowedMethods(context)
  return allow === '' ? facts : { ...facts, headers: { ...facts.headers, Allow: allow } }
}

/** The response, or the error in whatever case: an empty one says that nothing is allowed. */
function saysAllow({ headers }: ErrorFacts, { res }: Context): boolean {
  return res.hasHeader('Allow') || Object.keys(headers).some((name) => /^allow$/i.test(name))
}

/**
 * @koa/router leaves the routes that match the path on the context. Its `allowedMethods` with `throw`
 * tells the methods to nobody, which a 405 must (RFC 9110 section 15.5.6).
 */
function allowedMethods({ matched }: Context & { readonly matched?: unknown }): string {
  // Applications give that name to what is theirs.
  const layers: readonly (RouteLayer | null | undefined)[] = Array.isArray(matched) ? matched : []
  const methods = layers.flatMap((layer) => layer?.methods ?? [])
  return [...new Set(methods)].filter((method) => typeof method === 'string').join(', ')
}

interface RouteLayer {
  readonly methods?: unknown
}

/** Koa's own listener throws when it is given anything else. An error of another realm is one. */
function asError(thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error(`non-error thrown: ${shown(thrown)}`)
}

function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
  } catch {
    return false
  }
}

/** Objects without a prototype have no text. */
function shown(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return `a value of type ${typeof thrown}`
  }
}

/**
 * Koa's state when nobody has answered; `body = null` would have made it 204. What was begun on `ctx.res` is
 * an answer, which Koa ends.
 */
function isNotFound(context: Context): boolean {
  if (context.respond === false || context.res.headersSent) return false
  return context.status === 404 && context.body === undefined
}
