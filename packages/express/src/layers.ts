// The layers of Express's routers, of Express 4 and 5: what they hold and which paths they take. A layer is
// only read; what matching leaves on it is for the request that Express matches. A router may be mounted inside
// itself, for the tree of paths that it serves: each walk ends there all the same.

export type Handler = ((...args: never[]) => unknown) & Stack

export interface Layer {
  readonly handle?: Handler | undefined
  /** Of what was mounted, also where tracing has put a function of its own in place of the handle. */
  readonly name?: string | undefined
  readonly route?: Stack
  /** In the stack of a route: in lower case, or absent for all methods. */
  readonly method?: string
  /** Express 4 tells whether the layer takes a path, and keeps on it what of the path; 5 returns it. */
  readonly match?: (path: string) => unknown
}

export interface Stack {
  readonly stack?: readonly Layer[]
}

export interface Application {
  readonly parent?: Application
  readonly _router?: Stack
  readonly router?: Stack
}

export function stackOf(app: Application | undefined): readonly Layer[] {
  // Express 4 keeps it in `_router`, and throws on `router`.
  return (app?._router ?? app?.router)?.stack ?? []
}

const NOTHING: readonly Layer[] = []

export function inside(layer: Layer): readonly Layer[] {
  return layer.route?.stack ?? layer.handle?.stack ?? NOTHING
}

/** Whether a layer is a middleware's. */
export type IsLayer = (layer: Layer) => boolean

/**
 * The layers of a middleware: the one that runs it, and else those of its name. OpenTelemetry, New Relic and Elastic
 * APM put a function of their own in its place, which runs it.
 */
export function layersOf(middleware: Handler): readonly [IsLayer, IsLayer] {
  return [({ handle }) => handle === middleware, ({ name }) => name === middleware.name]
}

/** @param seen - What was looked into: a router may be mounted inside itself. */
export function holds(layer: Layer, isLayer: IsLayer, seen = new Set([NOTHING])): boolean {
  if (isLayer(layer)) return true
  const stack = inside(layer)
  if (seen.has(stack)) return false
  seen.add(stack)
  return stack.some((inner) => holds(inner, isLayer, seen))
}

/** Express knows an error handler by its four parameters. */
export function isErrorHandler(layer: Layer): boolean {
  return layer.handle?.length === 4
}

/** In a route, layers are chosen by method; HEAD goes to those of GET where it has none. */
export function takesMethod({ method }: Layer, asked: string): boolean {
  return method === undefined || method === asked || (asked === 'head' && method === 'get')
}

/**
 * What a layer leaves of a path to what is inside it; the whole path, of a route.
 *
 * @returns `undefined` when it does not take the path.
 */
export function leftBy(layer: Layer, path: string): string | undefined {
  const taken = takenBy(layer, path)
  if (taken === undefined) return undefined
  if (layer.route !== undefined || taken === '') return path
  // What an expression finds counts only where a segment ends with it.
  const rest = path.slice(taken.length)
  if (!path.startsWith(taken) || !/^(?:[/.]|$)/.test(rest)) return undefined
  return rest.startsWith('/') ? rest : `/${rest}`
}

function takenBy(layer: Layer, path: string): string | undefined {
  // Asked through an object of its own, on which Express 4 keeps what was taken.
  const asked: Layer & { readonly path?: unknown } = Object.create(layer)
  try {
    const match = asked.match?.(path) ?? true
    if (match === false) return undefined
    const taken = hasPath(match) ? match.path : asked.path
    return typeof taken === 'string' ? taken : ''
  } catch {
    // A parameter that cannot be decoded: Express goes past the layer.
    return undefined
  }
}

function hasPath(match: unknown): match is { readonly path: unknown } {
  return typeof match === 'object' && match !== null && 'path' in match
}
