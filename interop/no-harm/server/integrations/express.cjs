// An Express application; gated means that it mounts the gate before its routes.
const { roomOf } = require('../rooms.cjs')
const witness = require('../witness.cjs')

exports.serverFor = ({ mode, options, serverOptions, http }) => {
  const express = require('express')
  const app = express()
  if (mode === 'gated') app.use(require('@expectation/express').expectation(options))
  app.use((req, res, next) => {
    const io = { ...witness.enter(req), req, res, takeOver: () => io.early() }
    io.answer = (status, text) => {
      io.early()
      if (!res.headersSent && !res.destroyed) res.status(status).type('text').send(text)
    }
    return witness.current.run(io.note, () => {
      const room = roomOf(req.url)
      if (room !== undefined) return room(io)
      io.early()
      return next()
    })
  })
  app.use((error, req, _res, next) => {
    witness.failed(req, error)
    next(error)
  })
  const server = http.createServer(serverOptions, app)
  if (mode === 'attached') require('@expectation/core/node').attach(server)
  return server
}
