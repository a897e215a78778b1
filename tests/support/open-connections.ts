// What a server still holds, asked of the server itself.
import type { Server } from 'node:net'

export function openConnections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error == null ? resolve(count) : reject(error)))
  })
}

/** Waits until a server holds this many connections; the bound is generous, the answer exact. */
export async function reachConnections(
  server: Server,
  wanted: number,
  withinMs = 10_000,
): Promise<void> {
  const until = Date.now() + withinMs
  for (;;) {
    const open = await openConnections(server)
    if (open === wanted) return
    if (Date.now() > until) throw new Error(`waited ${withinMs} ms for ${wanted}, ${open} are open`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
