// Middleware of this package that is mounted elsewhere says so, in place of what would fail further in.

import { OptionError } from '@expectation/core'

/** @throws OptionError - what stands in the place of Koa's context is none. */
export function requireKoa(context: { readonly req?: unknown; readonly res?: unknown }): void {
  if (context.req !== undefined && context.res !== undefined) return
  const remedy =
    'Mount it in Koa. Express and Fastify have packages of their own, a bare server has `attach(server, options)`.'
  throw new OptionError({ option: 'context', received: context, remedy })
}
