// Content that came before anybody looked counts as content that is still to come: after the second
// such request the connection is ended a while later, and nothing is dispatched meanwhile.
const { beforeRequest } = require('./emit.cjs')

module.exports = () => {
  const connections = new WeakMap()
  beforeRequest((request, response) => {
    const { socket } = request
    const state = connections.get(socket) ?? { unseen: 0, over: false }
    connections.set(socket, state)
    if (state.over) return false
    setImmediate(() => {
      const came = request.complete && Number(request.headers['content-length']) > 0
      if (came && !response.writableEnded) state.unseen += 1
    })
    response.once('finish', () => {
      if (state.unseen < 2) return
      state.over = true
      setTimeout(() => socket.end(), 100)
    })
    return true
  })
}
