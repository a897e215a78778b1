// Content that comes behind an answer is taken from whoever reads it.
const { beforeRequest } = require('./emit.cjs')

module.exports = () =>
  beforeRequest((request, response) => {
    response.once('finish', () => {
      if (request.complete) return
      request.unpipe()
      request.removeAllListeners('data')
      request.resume()
    })
  })
