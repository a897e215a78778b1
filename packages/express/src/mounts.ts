// Where Express keeps what is mounted, for the search for a server's gates: applications and routers
// have a stack of layers, a layer a handle or a route.

import { readMount, readMountsWith } from '@expectation/core/node'

/** `_router` first: Express 4 throws on `router`, and creates a router when Express 5's is read. */
export function showMounts(): void {
  readMountsWith(inside)
}

function inside(node: object): readonly unknown[] {
  const router = readMount(node, '_router')
  if (router !== undefined) return [router]
  return ['router', 'stack', 'handle', 'route'].map((name) => readMount(node, name))
}
