// What every server of the matrix does besides answering: tells its port, and how many bytes it read.

/** @param {import('node:http').Server} server */
module.exports = function tell(server) {
  let read = 0
  server.on('connection', (socket) => {
    socket.once('close', () => {
      read += socket.bytesRead
    })
  })
  const ready = () => process.send({ port: server.address().port })
  if (server.listening) ready()
  else server.once('listening', ready)
  // Bytes read since it was asked last; connections that are being closed count, but not for ever.
  process.on('message', async () => {
    for (let look = 0; look < 60 && (await connections(server)) > 0; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    process.send({ read })
    read = 0
  })
  process.on('disconnect', () => process.exit(0))
}

function connections(server) {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))
}

/** The page that Chromium loads; it uploads from there. */
module.exports.page = '<!doctype html><html lang="en"><title>Upload</title><h1>Upload</h1>'

/** Loopback, or the near end of the link. */
module.exports.host = process.env.INTEROP_HOST ?? '127.0.0.1'
