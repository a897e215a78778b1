// What the application writes to its log is part of what is compared: the first line of it.
const { format } = require('node:util')
const witness = require('./witness.cjs')

exports.quietConsole = function quietConsole() {
  for (const level of ['error', 'warn', 'log', 'info']) {
    console[level] = (...args) => {
      if (args[0] === undefined) return
      witness.say(`${level} ${format(...args).split('\n')[0]}`)
    }
  }
}
