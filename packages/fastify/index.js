'use strict'

// What `require` gives is the plugin itself, as `register` wants it; `import` sees the names below.
const { expectation, Refusal } = require('./dist/index.js')

module.exports = expectation
module.exports.default = expectation
module.exports.expectation = expectation
module.exports.Refusal = Refusal
