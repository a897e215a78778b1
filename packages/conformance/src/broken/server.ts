// The model server: small, and right unless told to be wrong. For the package's own tests only.

import net from 'node:net'
import { ModelConnection, type Shared } from './connection.js'
import { type Defects, NONE } from './defects.js'
import { rolesFor } from './roles.js'

export interface ModelServer {
  readonly url: string
  close(): Promise<void>
}

export async function startModel(defects: Defects = NONE): Promise<ModelServer> {
  let last: Promise<unknown> = Promise.resolve()
  const shared: Shared = {
    defects,
    roles: rolesFor(defects),
    calls: new Map(),
    alone(work) {
      const mine = last.then(work)
      last = mine.catch(() => undefined)
      return mine
    },
  }
  const sockets = new Set<net.Socket>()
  let dead = false
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    if (dead) socket.destroy()
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (defects.diesOnReset && error.code === 'ECONNRESET') dead = true
    })
    void new ModelConnection(socket, shared).serve()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
