// Options that are functions, or tables of them.

import { Scanner } from '../parse/scanner.js'
import { OptionError } from '../validation/option-error.js'
import { readList } from '../validation/read-option.js'
import { isRecord } from '../validation/record.js'
import type { Check, ExtensionExpectation } from './check.js'
import type { Logger } from './logger.js'

export function readChecks(value: readonly Check[] | undefined): readonly Check[] {
  const checks = readList('checks', value, 'functions') ?? []
  checks.forEach((check, index) => {
    requireFunction(`checks[${index}]`, check, 'Give a function (head, { request, signal }).')
  })
  return Object.freeze([...checks])
}

/** By lower-case name, as expectations are compared (R2). */
export function readExpectations(
  value: Readonly<Record<string, ExtensionExpectation>> | undefined,
): ReadonlyMap<string, ExtensionExpectation> {
  const option = 'expectations'
  const expectations = new Map<string, ExtensionExpectation>()
  if (value === undefined) return expectations
  if (!isRecord(value)) {
    throw new OptionError({
      option,
      received: value,
      remedy: 'Give an object of functions by name.',
    })
  }
  for (const [spelling, decider] of Object.entries(value)) {
    const name = spelling.toLowerCase()
    requireExtensionName(option, spelling, expectations)
    requireFunction(`${option}.${spelling}`, decider, 'Give a function (member, head).')
    expectations.set(name, decider)
  }
  return expectations
}

export function readCallback<Callback>(
  option: string,
  value: Callback | undefined,
  signature: string,
): Callback | undefined {
  if (value !== undefined) requireFunction(option, value, `Give a function ${signature}.`)
  return value
}

/** Levels that every logger has; `debug` may be missing, as in some small ones. */
const LEVELS = ['info', 'warn', 'error'] as const

export function readLogger(logger: Logger | undefined): Logger | undefined {
  if (logger === undefined) return undefined
  const remedy = 'Give a logger with info, warn and error, called with (fields, message).'
  // Some loggers are functions that have a method for each level.
  if ((typeof logger !== 'object' && typeof logger !== 'function') || logger === null) {
    throw new OptionError({ option: 'logger', received: logger, remedy })
  }
  for (const level of LEVELS) requireFunction(`logger.${level}`, logger[level], remedy)
  if (logger.debug !== undefined) requireFunction('logger.debug', logger.debug, remedy)
  return logger
}

function requireExtensionName(
  option: string,
  spelling: string,
  taken: ReadonlyMap<string, ExtensionExpectation>,
): void {
  const name = spelling.toLowerCase()
  const fault = (remedy: string) => new OptionError({ option, received: spelling, remedy })
  if (new Scanner(name).token() !== name) {
    throw fault('Names of expectations are tokens (RFC 9110 section 5.6.2).')
  }
  if (name === '100-continue') {
    throw fault('100-continue is built in; use acceptContinue and checks to decide on it.')
  }
  if (taken.has(name)) throw fault('Names are compared without case: keep one spelling of it.')
}

function requireFunction(option: string, value: unknown, remedy: string): void {
  if (typeof value !== 'function') throw new OptionError({ option, received: value, remedy })
}
