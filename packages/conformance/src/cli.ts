#!/usr/bin/env node
// The command: arguments in, a table (or JSON, or JUnit) out, and an exit code that a CI can use.
// 0: nothing that counts failed; 1: something did; 2: the run could not begin, or tested nothing.

import { writeFileSync } from 'node:fs'
import { cases } from './cases/index.js'
import { type Command, readCommand, UsageError, usage } from './cli/arguments.js'
import { junitOf } from './cli/junit.js'
import { caseList, failureList, verdictLine, verdictTable } from './cli/table.js'
import { generate } from './generated/generate.js'
import { PreflightError } from './run/preflight-error.js'
import { failuresOf, type Report } from './run/report.js'
import { RoutesError } from './run/routes.js'
import { run } from './run/run.js'

async function main(args: readonly string[]): Promise<number> {
  const command = readCommand(args)
  switch (command.do) {
    case 'help':
      console.log(usage)
      return 0
    case 'list':
      console.log(caseList(cases, command.only))
      return 0
    case 'generate':
      return generated(command)
    case 'run':
      return tested(command)
  }
}

async function tested(command: Extract<Command, { do: 'run' }>): Promise<number> {
  if (command.junit !== undefined) tryToWrite(command.junit)
  const progress = progressOf(command)
  const report = await run({ ...command, onResult: progress.step })
  progress.end()
  if (command.junit !== undefined) writeFileSync(command.junit, junitOf(report))
  console.log(command.json ? JSON.stringify(report, null, 2) : shown(report, command))
  if (report.results.every(({ verdict }) => verdict === 'not run')) {
    // A word that names no case, or a role that is missing, must not look like a server that passes.
    console.error(`conformance: nothing was tested. ${whyNothing(report, command)}`)
    return 2
  }
  return failuresOf(report.results, command.levels).length > 0 ? 1 : 0
}

/** Before minutes of cases: a report that cannot be written is told now. */
function tryToWrite(file: string): void {
  try {
    writeFileSync(file, '')
  } catch (error) {
    throw new UsageError(
      `--junit ${file} cannot be written: ${error instanceof Error ? error.message : error}`,
    )
  }
}

function whyNothing({ results }: Report, { only = [] }: Extract<Command, { do: 'run' }>): string {
  if (results.some(({ reason }) => reason?.startsWith('no route') === false)) {
    return 'No case could be run: see the reason beside each.'
  }
  return results.length === 0
    ? `No case has ${only.join(' or ') || 'this protocol'} in its id, or for its area or level: see --list.`
    : 'Every case needs a route that was not given: see --help.'
}

function shown(report: Report, { levels }: Extract<Command, { do: 'run' }>): string {
  return [verdictTable(report), failureList(report), verdictLine(report, levels)]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** A line that counts, on a terminal only. */
function progressOf({ json }: { readonly json: boolean }): { step(): void; end(): void } {
  if (json || !process.stderr.isTTY) return { step: () => undefined, end: () => undefined }
  let done = 0
  return {
    step() {
      done += 1
      process.stderr.write(`\r${done} cases`)
    },
    end: () => void process.stderr.write('\r'),
  }
}

async function generated(command: Extract<Command, { do: 'generate' }>): Promise<number> {
  const outcome = await generate(command)
  console.log(command.json ? JSON.stringify(outcome, null, 2) : outcome.message)
  return outcome.found === undefined ? 0 : 1
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const expected =
      error instanceof PreflightError ||
      error instanceof RoutesError ||
      error instanceof UsageError ||
      error instanceof TypeError
    console.error(expected ? `conformance: ${error.message}` : error)
    process.exitCode = 2
  },
)
