// The gate as Koa middleware: decides, and throws refusals into Koa's own error handling.

import type { ExpectationOptions, Refusal } from '@expectation/core'
import {
  announceGate,
  createGate,
  exchangeOf,
  PendingVerdict,
  type Verdict,
} from '@expectation/core/node'
import type { Context, Middleware, Next, Request } from 'koa'
import { rememberApplications } from './applications.js'
import { showMounts } from './mounts.js'
import { requireKoa } from './require-koa.js'
import { answerIfUncaught } from './uncaught.js'

/**
 * Koa middleware that decides about a request from its head, before its content is asked for.
 * Mount it with `app.use`, under koa-mount or on a router; a request must pass every gate it meets.
 *
 * @throws OptionError - an option is wrong; it says which, what it got and what to do.
 */
export function expectation(options?: ExpectationOptions<Request>): Middleware {
  const gate = createGate<Context>(options, { routeOf, requestOf: (context) => context.request })

  function expectationGate(context: Context, next: Next): Promise<unknown> | undefined {
    requireKoa(context)
    const verdict = gate.judge(context.req, context.res, context)
    return verdict instanceof PendingVerdict
      ? new Promise<Verdict>((resolve, reject) =>
          verdict.whenKnown({ known: resolve, failed: reject }),
        ).then((late) => conclude(late, context, next))
      : conclude(verdict, context, next)
  }

  function conclude(verdict: Verdict, context: Context, next: Next): Promise<unknown> | undefined {
    if (verdict === 'pass') {
      if (mayBeRefusedLater(context)) answerIfUncaught(context, undefined, gate)
      return next()
    }
    if (verdict !== 'gone') return refuse(verdict, context)
    context.respond = false
    return undefined
  }

  function refuse(refusal: Refusal, context: Context): never {
    answerIfUncaught(context, refusal, gate)
    throw refusal
  }

  rememberApplications()
  showMounts()
  announceGate(expectationGate, gate.policy)
  return expectationGate
}

/**
 * Content of undeclared length may go over the limit; content that is asked for may not come, also when the
 * 100 is out already.
 */
function mayBeRefusedLater({ req }: Context): boolean {
  const exchange = exchangeOf(req)
  if (exchange === undefined) return false
  const { framing, continuation } = exchange
  return framing.kind === 'unknown' || (continuation !== 'none' && continuation !== 'moot')
}

/** @koa/router leaves the route on the context; Koa itself knows no routes. */
function routeOf(context: Context & { _matchedRoute?: unknown }): string | undefined {
  return context._matchedRoute === undefined ? undefined : String(context._matchedRoute)
}
