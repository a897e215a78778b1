// A bare server; gated means `attach(server, options)`.
const { roomOf } = require('../rooms.cjs')
const witness = require('../witness.cjs')

exports.serverFor = ({ mode, options, serverOptions, http }) => {
  const server = http.createServer(serverOptions, (req, res) => {
    const io = { ...witness.enter(req), req, res, takeOver: () => io.early() }
    io.answer = (status, text) => {
      io.early()
      if (res.headersSent || res.destroyed) return
      res.writeHead(status, { 'content-type': 'text/plain' })
      res.end(text)
    }
    witness.current.run(io.note, async () => {
      const room = roomOf(req.url)
      if (room === undefined) return io.answer(404, 'no room')
      try {
        await room(io)
      } catch (error) {
        io.note('e', error.message)
        io.answer(500, 'failed')
      }
    })
  })
  if (mode !== 'plain') {
    const { attach } = require('@expectation/core/node')
    attach(server, mode === 'gated' ? options : undefined)
  }
  return server
}
