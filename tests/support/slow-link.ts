// A link with a delay, made of plain sockets: every byte, FIN and reset arrives some time later, in
// order, both ways. It has buffers of its own, as a real path has, but ends TCP on each side; the
// interop runs put a real delay under real TCP.

import type { AddressInfo } from 'node:net'
import net from 'node:net'
import { afterThisTest } from './cleanup.js'
import type { Address } from './raw-client.js'

export async function slowLink(to: Address, delayMs: number): Promise<Address> {
  const sockets = new Set<net.Socket>()
  const link = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ port: to.port, host: '127.0.0.1', allowHalfOpen: true })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }
    carry(near, far, delayMs)
    carry(far, near, delayMs)
  })
  await new Promise<void>((resolve) => link.listen(0, '127.0.0.1', resolve))
  afterThisTest(async () => {
    const closed = new Promise((resolve) => link.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return { port: (link.address() as AddressInfo).port }
}

/** At most this much is under way; then the sender has to wait, as on a real link. */
const WINDOW = 262_144

function carry(from: net.Socket, to: net.Socket, delayMs: number): void {
  let underWay = 0
  const later = (action: () => void): void => {
    setTimeout(action, delayMs).unref()
  }
  from.on('data', (bytes: Buffer) => {
    underWay += bytes.length
    if (underWay > WINDOW) from.pause()
    later(() => {
      to.write(bytes, () => {
        underWay -= bytes.length
        if (underWay <= WINDOW) from.resume()
      })
    })
  })
  from.on('end', () => later(() => to.end()))
  // A reset of a socket that is ending already would leave its handle behind.
  from.on('error', () => later(() => (to.writableEnded ? to.destroy() : to.resetAndDestroy())))
}
