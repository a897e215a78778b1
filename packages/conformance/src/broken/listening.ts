// A model server, once it listens: where it is, and how all of it is ended.

import type { Server } from 'node:net'

export interface ModelServer {
  readonly url: string
  close(): Promise<void>
}

/** @param open - Its connections or sessions as they are when it is closed. */
export async function listening(
  server: Server,
  open: ReadonlySet<{ destroy(): void }>,
): Promise<ModelServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close() {
      for (const each of open) each.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
