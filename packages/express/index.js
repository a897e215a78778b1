'use strict'

// What `require` gives is the gate itself, and so is the default import; the rest is beside it.
const names = require('./dist/index.js')

const { expectation } = names

module.exports = expectation
module.exports.default = expectation
module.exports.attach = names.attach
module.exports.detach = names.detach
module.exports.errorHandler = names.errorHandler
module.exports.expectation = expectation
module.exports.Refusal = names.Refusal
