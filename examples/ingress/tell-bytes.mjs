// What a server has read from the wire, heads included, five times a second.
export function tellBytes(server, tell) {
  let closed = 0
  const open = new Set()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => {
      closed += socket.bytesRead
      open.delete(socket)
    })
  })
  setInterval(() => {
    let bytes = closed
    for (const socket of open) bytes += socket.bytesRead
    tell(bytes)
  }, 200).unref()
}
