// An application of Express as tracing leaves it: OpenTelemetry, New Relic and Elastic APM put a function of their
// own in place of what a layer runs. It has as many parameters, as Express tells error handlers by them, and what
// a router carries. Express keeps the name of what was mounted.

import type { Express } from 'express'

type Handle = ((...given: unknown[]) => unknown) & Partial<Stack>

interface Layer {
  handle: Handle
  readonly route?: Stack
}

interface Stack {
  readonly stack: readonly Layer[]
}

/** @param told - Of what a layer passes on, which tracing takes for its failure. */
export function traced(app: Express, told: (error: unknown) => void = () => undefined): Express {
  const { stack } = (Reflect.get(app, '_router') ?? app.router) as unknown as Stack
  wrap(stack, told, new Set())
  return app
}

function wrap(stack: readonly Layer[], told: (error: unknown) => void, seen: Set<unknown>): void {
  if (seen.has(stack)) return
  seen.add(stack)
  for (const layer of stack) {
    const { handle, route } = layer
    wrap(route?.stack ?? handle.stack ?? [], told, seen)
    layer.handle = Object.assign(patched(handle, told), handle)
  }
}

function patched(handle: Handle, told: (error: unknown) => void): Handle {
  const telling = (next: unknown) => (error?: unknown) => {
    if (error !== undefined) told(error)
    ;(next as (error: unknown) => void)(error)
  }
  return handle.length === 4
    ? (error, request, response, next) => handle(error, request, response, telling(next))
    : (request, response, next) => handle(request, response, telling(next))
}
