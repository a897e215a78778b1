#!/usr/bin/env node

// `npx @expectation/doctor URL`. What went wrong is told in one line; only a fault of the program shows
// its stack.

import { OptionError } from '@expectation/client'
import { readCommand, UsageError, usage } from './cli/arguments.js'
import { run } from './cli/run.js'
import { DoctorError } from './errors.js'

async function main(args: readonly string[]): Promise<number> {
  const command = readCommand(args)
  if (command.do === 'help') {
    const { asked } = command
    if (asked) console.log(usage)
    else console.error(usage)
    return asked ? 0 : 2
  }
  return run(command)
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const wrongUse = error instanceof UsageError || error instanceof OptionError
    const help = error instanceof UsageError ? ' All options: doctor --help' : ''
    console.error(
      wrongUse || error instanceof DoctorError ? `doctor: ${error.message}${help}` : error,
    )
    process.exitCode = 2
  },
)
