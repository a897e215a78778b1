// A server of any transport on a free port, whose connections end with the test.
import type net from 'node:net'
import { afterThisTest } from '../support/cleanup.js'

export interface Listening {
  readonly port: number
  /** Those that are open. */
  readonly sockets: ReadonlySet<net.Socket>
}

export async function listening(server: net.Server): Promise<Listening> {
  const sockets = new Set<net.Socket>()
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return { port: (server.address() as net.AddressInfo).port, sockets }
}
