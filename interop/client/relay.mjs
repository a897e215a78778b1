// Hands bytes on between client and server, and counts those of content: content is NUL bytes here, and
// a head has none. Its own sockets hear their peers out; else it would lose answers as clients do.
import net from 'node:net'
import { hearOut } from '../../packages/client/dist/index.js'

export async function openRelay(port) {
  let contentBytes = 0
  const sockets = new Set()
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    for (const socket of [near, far]) {
      hearOut(socket)
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }
    near.on('data', (bytes) => {
      contentBytes += contentOf(bytes)
    })
    near.pipe(far)
    far.pipe(near)
    near.on('error', () => far.destroy())
    far.on('error', () => near.end())
    // Whatever came lies with `near` already: `end` sends it before it closes.
    far.once('close', () => near.end())
    near.once('close', () => far.destroy())
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    /** Content bytes since the last call. */
    taken() {
      const bytes = contentBytes
      contentBytes = 0
      return bytes
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Content begins at the first NUL, and no head follows it in one piece: uploads wait for their answers. */
function contentOf(bytes) {
  const begin = bytes.indexOf(0)
  return begin === -1 ? 0 : bytes.length - begin
}
