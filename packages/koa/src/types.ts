// The core's types, with Koa's own request in them. Types only.

import type {
  Check as CoreCheck,
  CheckContext as CoreCheckContext,
  ErrorHandlerOptions as CoreErrorHandlerOptions,
  ExpectationOptions as CoreExpectationOptions,
} from '@expectation/core'
import type { Context, Request } from 'koa'

/**
 * A question asked of the head before any content is asked for; see `checks` of
 * {@link ExpectationOptions}.
 *
 * @typeParam KoaRequest - What it gets as `request`. Default: Koa's request.
 */
export type Check<KoaRequest = Request> = CoreCheck<KoaRequest>

/** What a check gets beside the head: the request, and a signal that tells when nobody waits any more. */
export type CheckContext<KoaRequest = Request> = CoreCheckContext<KoaRequest>

/** Options of `expectation`. Wrong ones throw an `OptionError` where they are written. */
export type ExpectationOptions<KoaRequest = Request> = CoreExpectationOptions<KoaRequest>

/** Options of `errorHandler`: the shape of bodies, 404s, and a hook for logging. */
export type ErrorHandlerOptions<KoaContext = Context> = CoreErrorHandlerOptions<KoaContext>
