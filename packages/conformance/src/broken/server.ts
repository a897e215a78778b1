// The model server: small, and right unless told to be wrong. For the package's own tests only.

import net from 'node:net'
import { ModelConnection, type Shared } from './connection.js'
import { type Defects, NONE } from './defects.js'
import { listening, type ModelServer } from './listening.js'
import { rolesFor } from './roles.js'

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
  return listening(server, sockets)
}
