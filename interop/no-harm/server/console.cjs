// What the application writes to its log is part of what is compared: the first line of it.
const { format } = require('node:util')
const witness = require('./witness.cjs')

exports.quietConsole = function quietConsole() {
  for (const level of ['error', 'warn', 'log', 'info']) {
    console[level] = (...args) => {
      const line = format(...args).split('\n')[0]
      // Node prints warnings of the process this way; they are no lines of the application.
      if (!line.startsWith('(node:')) witness.say(`${level} ${line}`)
    }
  }
}
