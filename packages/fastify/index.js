'use strict'

// What `require` gives is the plugin itself, as `register` wants it; `import` sees the names below.
const names = require('./dist/index.js')

const { expectation } = names

module.exports = expectation
module.exports.default = expectation
module.exports.attach = names.attach
module.exports.detach = names.detach
module.exports.errorHandler = names.errorHandler
module.exports.expectation = expectation
module.exports.Refusal = names.Refusal
