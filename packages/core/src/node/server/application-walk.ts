// Walks what a framework has mounted, as far as it shows: Express applications, routers, routes and
// layers, Koa applications and @koa/router. It only reads properties, and asks no framework.

export interface Mounted {
  readonly gates: ReadonlySet<object>
  /** Something is mounted that shows nothing of what it holds. */
  readonly hidden: boolean
}

/** Where frameworks keep what they mount. `_router` first: Express 4 throws on `router`. */
const INSIDE = ['_router', 'router', 'stack', 'handle', 'route', 'middleware'] as const

type Node = object & { readonly [Name in (typeof INSIDE)[number]]?: unknown }

export function gatesIn(root: unknown, gates: ReadonlySet<object>): Mounted {
  const found = new Set<object>()
  const seen = new Set<unknown>()
  const open: unknown[] = [root]
  let hidden = false
  while (open.length > 0) {
    const next = open.pop()
    if (!isNode(next) || seen.has(next)) continue
    seen.add(next)
    if (gates.has(next)) found.add(next)
    // Express wraps a sub-application in a function of this name.
    hidden ||= 'name' in next && next.name === 'mounted_app'
    open.push(...(Array.isArray(next) ? next : inside(next)))
  }
  return { gates: found, hidden }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
}

function inside(node: Node): unknown[] {
  if (node._router !== undefined) return [node._router]
  return INSIDE.map((name) => read(node, name))
}

/** Express 4's `app.router` is a getter that throws; an application without routes has no other. */
function read(node: Node, name: (typeof INSIDE)[number]): unknown {
  try {
    return node[name]
  } catch {
    return undefined
  }
}
