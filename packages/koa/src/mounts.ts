// Where Koa and @koa/router keep what is mounted, for the search for a server's gates: an application a
// list of middleware, a router a stack of layers on the middleware that it makes.

import { readMount, readMountsWith } from '@expectation/core/node'

export function showMounts(): void {
  readMountsWith(inside)
}

function inside(node: object): readonly unknown[] {
  return ['middleware', 'router', 'stack'].map((name) => readMount(node, name))
}
