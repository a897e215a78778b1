// What stands behind a middleware: an error handler, or only Express's own last resort; more routes, or
// the end. Reads the stacks of the application that serves the request; Express tells it nowhere else.

import type { IncomingMessage } from 'node:http'

interface Layer {
  readonly handle?: Handler
  readonly route?: Stack
}

interface Stack {
  readonly stack?: readonly Layer[]
}

type Handler = ((...args: never[]) => unknown) & Stack

interface Application {
  readonly parent?: Application
  readonly _router?: Stack
  readonly router?: Stack
}

export function errorsAreCaught(
  request: IncomingMessage & { app?: Application },
  gate: Handler,
): boolean {
  for (let app = request.app; app !== undefined; app = app.parent) {
    // Express 4 keeps it in `_router`, and throws on `router`.
    const router = app._router ?? app.router
    if (caughtBehind(router?.stack ?? [], gate)) return true
  }
  return false
}

/**
 * Whether routes or middleware stand behind a middleware, on the router it was mounted on. NestJS, and whoever
 * mounts an error handler early, adds routes when it has run; it does not speak for them.
 */
export function somethingBehind(
  request: IncomingMessage & { app?: Application },
  middleware: Handler,
): boolean {
  const router = request.app?._router ?? request.app?.router
  return standsBehind(router?.stack ?? [], middleware)
}

/** In the stack that the middleware was mounted on: a router speaks for what is mounted on it. */
function standsBehind(stack: readonly Layer[], middleware: Handler): boolean {
  const at = stack.findIndex((layer) => layer.handle === middleware)
  if (at !== -1) return stack.slice(at + 1).some((behind) => !catchesErrors(behind))
  return stack.some((layer) => standsBehind(inside(layer), middleware))
}

function caughtBehind(stack: readonly Layer[], gate: Handler): boolean {
  const at = stack.findIndex((layer) => holds(layer, gate))
  const layer = stack[at]
  return (
    stack.slice(at + 1).some(catchesErrors) ||
    (layer !== undefined && caughtBehind(inside(layer), gate))
  )
}

function holds(layer: Layer, gate: Handler): boolean {
  return layer.handle === gate || inside(layer).some((inner) => holds(inner, gate))
}

function inside(layer: Layer): readonly Layer[] {
  return layer.route?.stack ?? layer.handle?.stack ?? []
}

/** Express knows an error handler by its four parameters. */
function catchesErrors(layer: Layer): boolean {
  return layer.handle?.length === 4 || (layer.route?.stack ?? []).some(catchesErrors)
}
