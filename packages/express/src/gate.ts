// The gate as Express middleware: decides, and hands refusals to Express's own error handling.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { describeError, OptionError, type Refusal } from '@expectation/core'
import {
  announceGate,
  createGate,
  PendingVerdict,
  requestHeadOf,
  type Verdict,
  writeError,
} from '@expectation/core/node'
import { errorsAreCaught } from './error-route.js'
import { showMounts } from './mounts.js'
import type { ExpectationOptions, ExpressRequest } from './types.js'

/** Express's `next`. */
export type Next = (error?: unknown) => void
/** Middleware of Express, in Node's own types: Express 4 and 5 take it. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void

/**
 * Express middleware that decides about a request from its head, before its content is asked for.
 * Mount it with `app.use`, on a router or on a route; a request must pass every gate it meets.
 *
 * @typeParam Request - What checks get as `request`: Express's own.
 * @throws OptionError - an option is wrong; it says which, what it got and what to do.
 */
export function expectation<Request extends IncomingMessage = ExpressRequest>(
  options?: ExpectationOptions<Request>,
): Middleware {
  const gate = createGate<IncomingMessage>(options, { routeOf })

  function expectationGate(request: IncomingMessage, response: ServerResponse, next: Next): void {
    requireNext(next)
    const verdict = gate.judge(request, response, request)
    if (verdict instanceof PendingVerdict) {
      const known = (late: Verdict) => conclude(late, request, response, next)
      verdict.whenKnown({ known, failed: next })
    } else {
      conclude(verdict, request, response, next)
    }
  }

  function conclude(
    verdict: Verdict,
    request: IncomingMessage,
    response: ServerResponse,
    next: Next,
  ): void {
    if (verdict === 'pass') next()
    else if (verdict !== 'gone') refuse(verdict, request, response, next)
  }

  /** With no error handler in the way, Express itself would answer, in HTML. */
  function refuse(
    refusal: Refusal,
    request: IncomingMessage,
    response: ServerResponse,
    next: Next,
  ): void {
    if (errorsAreCaught(request, expectationGate)) {
      next(refusal)
      return
    }
    writeError(response, requestHeadOf(request), describeError(refusal), gate.formatOn(response))
  }

  showMounts()
  announceGate(expectationGate, gate.policy)
  return expectationGate
}

/** Koa gives a context and a `next`, a bare server nothing to call. */
function requireNext(next: unknown): void {
  if (typeof next === 'function') return
  const remedy =
    'Mount it in Express, connect or polka. Koa and Fastify have packages of their own, a bare server has ' +
    '`attach(server, options)`.'
  throw new OptionError({ option: 'next', received: next, remedy })
}

/**
 * The route as it was written. What it is mounted under is left out: Express keeps only the part of
 * the path that matched, which the client chooses.
 */
function routeOf(request: IncomingMessage & { route?: { path?: unknown } }): string | undefined {
  const path = request.route?.path
  return path === undefined ? undefined : String(path)
}
