// What stands behind a middleware: an error handler, or only Express's own last resort; more routes, or
// the end. Reads the stacks of the application that serves the request; Express tells it nowhere else.
// Where the path that a stack sees is not known, every error handler of it counts.

import type { IncomingMessage } from 'node:http'
import {
  type Application,
  type Handler,
  holds,
  type IsLayer,
  inside,
  isErrorHandler,
  type Layer,
  layersOf,
  leftBy,
  stackOf,
  takesMethod,
} from './layers.js'

type ExpressMessage = IncomingMessage & { readonly app?: Application; readonly baseUrl?: string }

/** Where a gate runs: the path and the method that its own layer was chosen by. */
interface Place {
  readonly isGate: IsLayer
  readonly path: string
  readonly method: string
}

/** Whether Express finds an error handler for what the gate passes on. */
export function errorsAreCaught(request: ExpressMessage, gate: Handler): boolean {
  const path = pathOf(request.url ?? '')
  const method = (request.method ?? '').toLowerCase()
  const paths = pathsAbove(request.baseUrl ?? '', path)
  const [isGate, isNamedLikeIt] = layersOf(gate)
  const search = new Search({ isGate, path, method })
  const searchByName = new Search({ isGate: isNamedLikeIt, path, method })
  const catches = (layer: Layer) =>
    isErrorHandler(layer) && paths.some((each) => takes(layer, each))
  let isFound = false
  for (let app = request.app; app !== undefined; app = app.parent) {
    const stack = stackOf(app)
    const caught: boolean | undefined = isFound
      ? undefined
      : (search.caughtIn(stack, paths) ?? searchByName.caughtIn(stack, paths))
    if (caught ?? (isFound ? behindMounted(stack) : stack).some(catches)) return true
    isFound ||= caught !== undefined
  }
  return false
}

/**
 * Whether routes or middleware stand behind a middleware, on the router it was mounted on. NestJS, and whoever
 * mounts an error handler early, adds routes when it has run; it does not speak for them.
 */
export function somethingBehind(request: ExpressMessage, middleware: Handler): boolean {
  const stack = stackOf(request.app)
  const [isLayer, isNamedLikeIt] = layersOf(middleware)
  return standsBehind(stack, isLayer) ?? standsBehind(stack, isNamedLikeIt) ?? false
}

/**
 * In the stack that the middleware was mounted on: a router speaks for what is mounted on it.
 *
 * @returns `undefined` when it is not there.
 */
function standsBehind(
  stack: readonly Layer[],
  isLayer: IsLayer,
  seen = new Set<readonly Layer[]>(),
): boolean | undefined {
  if (seen.has(stack)) return undefined
  seen.add(stack)
  const at = stack.findIndex(isLayer)
  if (at !== -1) return stack.slice(at + 1).some((behind) => !isErrorHandler(behind))
  const found = stack.map((layer) => standsBehind(inside(layer), isLayer, seen))
  return found.find((behind) => behind === true) ?? found.find((behind) => behind === false)
}

/** Without scheme, authority and query, as Express matches it. */
function pathOf(url: string): string {
  return url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
}

/** More segments than this were matched by an expression, and the client chose how many. */
const MAX_SEGMENTS = 16

/**
 * What the stacks above a path may see of it: `/a/b/c`, `/b/c` and `/c` for `/c` under `/a/b`. Express adds the
 * slash of what is mounted under all of a path.
 */
function pathsAbove(base: string, path: string): readonly string[] {
  const segments = base.split('/', MAX_SEGMENTS + 2).slice(1)
  const tails = segments.map((_, at) => `/${segments.slice(at).join('/')}`)
  const bases = segments.length > MAX_SEGMENTS ? [base] : tails
  const whole = path === '/' ? bases : []
  return [...bases.map((above) => above + path), ...whole, path]
}

/**
 * One search for the gate. Each stack is searched once for each path: routers that are mounted inside themselves
 * more than once would have a client double the work with each segment.
 */
class Search {
  readonly #known = new Map<readonly Layer[], Map<string | undefined, boolean | undefined>>()

  constructor(private readonly place: Place) {}

  /** @returns `undefined` when the gate is not there. */
  caughtIn(stack: readonly Layer[], paths: readonly string[]): boolean | undefined {
    const found = paths.map((path) => this.#caughtBehind(stack, path))
    if (found.some((caught) => caught !== undefined)) return found.includes(true)
    // Its path was written over since it was matched.
    return this.#caughtBehind(stack)
  }

  /**
   * Errors go past routes, and past what is no error handler.
   *
   * @param path - Default: any.
   * @returns `undefined` when the path does not lead to the gate.
   */
  #caughtBehind(stack: readonly Layer[], path?: string): boolean | undefined {
    const known = this.#known.get(stack) ?? new Map<string | undefined, boolean | undefined>()
    if (known.has(path)) return known.get(path)
    // Where it leads back to itself, it leads to nothing else.
    this.#known.set(stack, known.set(path, undefined))
    const caught = this.#find(stack, path)
    known.set(path, caught)
    return caught
  }

  #find(stack: readonly Layer[], path: string | undefined): boolean | undefined {
    let caught: boolean | undefined
    for (const [at, layer] of stack.entries()) {
      const within = holds(layer, this.place.isGate) ? this.#caughtWithin(layer, path) : undefined
      if (within === undefined) continue
      const behind = stack.slice(at + 1).some((each) => isErrorHandler(each) && takes(each, path))
      if (within || behind) return true
      caught = false
    }
    return caught
  }

  #caughtWithin(layer: Layer, path: string | undefined): boolean | undefined {
    const { isGate, path: last, method } = this.place
    const left = path === undefined ? undefined : leftBy(layer, path)
    if (path !== undefined && left === undefined) return undefined
    if (isGate(layer)) return left === undefined || left === last ? false : undefined
    const within = layer.route === undefined ? inside(layer) : chosenBy(method, inside(layer))
    return this.#caughtBehind(within, left)
  }
}

/** Express shows by a function's name that an application is mounted, and nowhere which. */
function behindMounted(stack: readonly Layer[]): readonly Layer[] {
  return stack.slice(stack.findIndex(({ name }) => name === 'mounted_app') + 1)
}

/** A route has taken the path for its layers, which are chosen by the method alone. */
function chosenBy(method: string, stack: readonly Layer[]): readonly Layer[] {
  return stack
    .filter((layer) => takesMethod(layer, method))
    .map(({ handle, name }) => ({ handle, name }))
}

function takes(layer: Layer, path: string | undefined): boolean {
  return path === undefined || leftBy(layer, path) !== undefined
}
