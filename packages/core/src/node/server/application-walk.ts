// Walks what an application has mounted, as far as it shows. Where a framework keeps what it mounts is
// known to its adapter, which tells it here; the walk only reads properties and asks no framework.

/** What a framework mounts directly in a node; nothing for a node of another framework. */
export type MountReader = (node: object) => readonly unknown[]

const readers = new Set<MountReader>()

/** Tells the library how a framework shows what it mounts. */
export function readMountsWith(reader: MountReader): void {
  readers.add(reader)
}

/** The gates that a node mounts, in the order in which they are met. */
export function gatesIn(root: unknown, gates: ReadonlySet<object>): ReadonlySet<object> {
  const found = new Set<object>()
  const seen = new Set<unknown>()
  const open: unknown[] = [root]
  while (open.length > 0) {
    const next = open.shift()
    if (!isNode(next) || seen.has(next)) continue
    seen.add(next)
    if (gates.has(next)) found.add(next)
    open.unshift(...inside(next))
  }
  return found
}

function inside(node: object): readonly unknown[] {
  if (Array.isArray(node)) return node
  return [...readers].flatMap((read) => read(node))
}

function isNode(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
}

/** A property that may be a getter that throws, as Express 4's `app.router` is. */
export function readMount(node: object, name: string): unknown {
  try {
    return Reflect.get(node, name)
  } catch {
    return undefined
  }
}
