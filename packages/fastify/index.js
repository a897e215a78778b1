'use strict'

// What `require` gives is the plugin itself, as `register` wants it; `import` sees the names below.
const { errorHandler, expectation, Refusal } = require('./dist/index.js')

module.exports = expectation
module.exports.default = expectation
module.exports.errorHandler = errorHandler
module.exports.expectation = expectation
module.exports.Refusal = Refusal
