// Hands bytes, FIN and reset on some time later. It ends TCP on each side, so it shows less than a
// link of the kernel's own; it runs everywhere.
import net from 'node:net'

const WINDOW = 262_144

export async function delayingProxy(to, delayMs) {
  const sockets = new Set()
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ port: to, host: '127.0.0.1', allowHalfOpen: true })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }
    carry(near, far, delayMs)
    carry(far, near, delayMs)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: server.address().port,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

function carry(from, to, delayMs) {
  let underWay = 0
  from.on('data', (bytes) => {
    underWay += bytes.length
    if (underWay > WINDOW) from.pause()
    setTimeout(() => {
      to.write(bytes, () => {
        underWay -= bytes.length
        if (underWay <= WINDOW) from.resume()
      })
    }, delayMs)
  })
  from.on('end', () => setTimeout(() => to.end(), delayMs))
  // A reset of a socket that is ending already would leave its handle behind.
  const cut = () => (to.writableEnded ? to.destroy() : to.resetAndDestroy())
  from.on('error', () => setTimeout(cut, delayMs))
}
