// A wire to the storage that counts what goes over it. An upload has a connection of its own, as it asks
// first, so its content is what follows the head of a PUT.
import net from 'node:net'

export async function tap(target) {
  const counts = { contentBytes: 0 }
  const sockets = new Set()
  const server = net.createServer({ allowHalfOpen: true }, (from) => {
    const to = net.connect({
      port: Number(target.port),
      host: target.hostname,
      allowHalfOpen: true,
    })
    const see = counting(counts)
    from.on('data', see)
    from.pipe(to).pipe(from)
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ]) {
      sockets.add(socket)
      socket.on('error', () => other.resetAndDestroy())
      socket.once('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    counts,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function counting(counts) {
  let head = ''
  let isUpload = false
  return (bytes) => {
    if (isUpload) counts.contentBytes += bytes.length
    else if (head !== undefined) {
      head += bytes.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      isUpload = /^PUT \/[^/]+\/.*\r\nexpect:/is.test(head.slice(0, end))
      if (isUpload) counts.contentBytes += head.length - end - 4
      head = undefined
    }
  }
}
