// The core's types, with Fastify's own request in them. Types only.

import type {
  Check as CoreCheck,
  CheckContext as CoreCheckContext,
  ErrorHandlerOptions as CoreErrorHandlerOptions,
  ExpectationOptions as CoreExpectationOptions,
} from '@expectation/core'
import type { FastifyRequest } from 'fastify'

/**
 * A question asked of the head before any content is asked for; see `checks` of
 * {@link ExpectationOptions}.
 *
 * @typeParam Request - What it gets as `request`. Default: Fastify's request.
 */
export type Check<Request = FastifyRequest> = CoreCheck<Request>

/** What a check gets beside the head: the request, and a signal that tells when nobody waits any more. */
export type CheckContext<Request = FastifyRequest> = CoreCheckContext<Request>

/**
 * Options of `expectation`. Wrong ones throw an `OptionError` where they are written. Written in place
 * they know the request; an object of this type may be shared between frameworks.
 *
 * @typeParam Request - What checks and limits get as `request`. Default: `unknown`.
 */
export type ExpectationOptions<Request = unknown> = CoreExpectationOptions<Request>

/** Options of `errorHandler`: the shape of bodies, 404s, and a hook for logging. */
export type ErrorHandlerOptions<Request = FastifyRequest> = CoreErrorHandlerOptions<Request>
