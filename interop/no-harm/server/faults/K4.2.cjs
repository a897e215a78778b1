// Who stops the parser no longer hears the end of the connection: it stays when the client has gone.
const { beforeRequest } = require('./emit.cjs')

module.exports = () =>
  beforeRequest((request, response) => {
    if (request.headers.expect === undefined) return
    setImmediate(() => {
      if (response.writableEnded) return
      request.socket.pause()
      request.socket.resume = () => request.socket
    })
  })
