// A version whose major number is 2 is taken for HTTP/2, and its request for a stream.
const { beforeRequest } = require('./emit.cjs')

module.exports = () =>
  beforeRequest((request) => {
    if (request.httpVersionMajor === 2) request.stream.once('close', () => undefined)
  })
