// How the faults reach a server: each request is shown to them before anybody else gets it. What
// returns `false` keeps the request from the application.
const http = require('node:http')

exports.beforeRequest = function beforeRequest(look) {
  const { emit } = http.Server.prototype
  http.Server.prototype.emit = function (name, ...args) {
    const isRequest = name === 'request' || name === 'checkContinue' || name === 'checkExpectation'
    if (isRequest && look(args[0], args[1]) === false) return true
    return emit.call(this, name, ...args)
  }
}
