#!/usr/bin/env node
// `npx @expectation/client put FILE URL`. What went wrong is told in one line; only a fault of the
// program shows its stack.
import { readCommand, UsageError, usage } from './cli/arguments.js'
import { put } from './cli/put.js'
import { OptionError } from './option-error.js'

// The reader of either may have gone; a failed write tells its own error.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

async function main(args: readonly string[]): Promise<number> {
  const command = readCommand(args)
  if (command.do === 'help') {
    const { asked } = command
    if (asked) console.log(usage)
    else console.error(usage)
    return asked ? 0 : 2
  }
  return put(command)
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const wrongUse = error instanceof UsageError || error instanceof OptionError
    const late = error instanceof DOMException && error.name === 'TimeoutError'
    console.error(wrongUse || late ? `client: ${late ? 'not done in time' : error.message}` : error)
    if (error instanceof UsageError) console.error('\nclient --help shows all options.')
    process.exitCode = late ? 3 : 2
  },
)
