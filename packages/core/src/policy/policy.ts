// A policy is the options, validated and with every default applied, compiled once.
// Nothing below it looks at options, and nothing changes it.

import type { Outcome } from '../outcome/outcome.js'
import type { Format } from '../refusal/body.js'
import { readBoolean, readChoice, readMilliseconds, readSize } from '../validation/read-option.js'
import { rejectUnknownNames } from '../validation/unknown-names.js'
import { readCallback, readChecks, readExpectations } from './callback-options.js'
import type { Check, ExtensionExpectation } from './check.js'
import { readAcceptedCodings, readAcceptedTypes } from './content-options.js'
import { type LimitOf, splitLimit } from './limit-of.js'
import type { Logger } from './logger.js'
import type { ExpectationOptions } from './options.js'
import { type LingerPolicy, readSaid, type SaidOptions } from './said-options.js'

/** {@link ExpectationOptions} with defaults; `undefined` means no limit, any, or nobody. */
export interface Policy {
  /** In bytes; `undefined` also where {@link Policy.maxContentLengthOf} finds it. */
  readonly maxContentLength: number | undefined
  /** Finds it for each request. */
  readonly maxContentLengthOf?: LimitOf<number | string>
  readonly requireContentLength: boolean
  /** Media ranges in lower case; `undefined` also where {@link Policy.acceptedTypesOf} finds them. */
  readonly acceptedTypes: readonly string[] | undefined
  /** Finds them for each request. */
  readonly acceptedTypesOf?: LimitOf<readonly string[]>
  /** Codings in lower case, without old aliases. */
  readonly acceptedCodings: ReadonlySet<string> | undefined
  readonly checks: readonly Check[]
  readonly checkTimeoutMs: number
  readonly onCheckTimeout: 'refuse' | 'continue'
  readonly acceptContinue: boolean
  readonly unknownExpectation: 'refuse' | 'ignore'
  /** By lower-case name. */
  readonly expectations: ReadonlyMap<string, ExtensionExpectation>
  readonly continueTiming: 'on-read' | 'after-checks'
  readonly contentTimeoutMs: number
  readonly format: Format
  readonly normalizeClientErrors: boolean
  readonly advertiseLimits: boolean
  readonly linger: LingerPolicy
  readonly onOutcome: ((outcome: Outcome) => void) | undefined
  readonly logger: Logger | undefined
  readonly said: SaidOptions
}

const MEBIBYTE = 2 ** 20

// Typed as a record, so that an option added to the interface cannot be forgotten here.
const OPTION_NAMES: Readonly<Record<keyof ExpectationOptions, true>> = {
  maxContentLength: true,
  requireContentLength: true,
  acceptedTypes: true,
  acceptedCodings: true,
  checks: true,
  checkTimeoutMs: true,
  onCheckTimeout: true,
  acceptContinue: true,
  unknownExpectation: true,
  expectations: true,
  continueTiming: true,
  contentTimeoutMs: true,
  format: true,
  normalizeClientErrors: true,
  advertiseLimits: true,
  linger: true,
  onOutcome: true,
  logger: true,
}

/** Names of the options of every gate. */
export const optionNames: readonly string[] = Object.keys(OPTION_NAMES)

/**
 * Validates options and applies defaults. Later changes to the options do not show.
 *
 * @returns A frozen policy, to be kept and used for every request.
 * @throws `OptionError` for a value of the wrong kind or outside its bounds, and for an
 * unknown name.
 */
export function compilePolicy(options: ExpectationOptions = {}): Policy {
  rejectUnknownNames('', options, optionNames)
  const said = readSaid(options)
  const size = splitLimit(options.maxContentLength)
  const types = splitLimit(options.acceptedTypes)
  return Object.freeze<Policy>({
    maxContentLength: readSize('maxContentLength', size.value),
    requireContentLength:
      readBoolean('requireContentLength', options.requireContentLength) ?? false,
    acceptedTypes: readAcceptedTypes(types.value),
    acceptedCodings: readAcceptedCodings(options.acceptedCodings),
    checks: readChecks(options.checks),
    checkTimeoutMs: readMilliseconds('checkTimeoutMs', options.checkTimeoutMs, 1) ?? 800,
    onCheckTimeout:
      readChoice('onCheckTimeout', options.onCheckTimeout, ['refuse', 'continue']) ?? 'refuse',
    acceptContinue: readBoolean('acceptContinue', options.acceptContinue) ?? true,
    unknownExpectation:
      readChoice('unknownExpectation', options.unknownExpectation, ['refuse', 'ignore']) ??
      'refuse',
    expectations: readExpectations(options.expectations),
    continueTiming:
      readChoice('continueTiming', options.continueTiming, ['on-read', 'after-checks']) ??
      'on-read',
    contentTimeoutMs: said.contentTimeoutMs ?? 60_000,
    format: said.format ?? 'error',
    normalizeClientErrors:
      readBoolean('normalizeClientErrors', options.normalizeClientErrors) ?? false,
    advertiseLimits: readBoolean('advertiseLimits', options.advertiseLimits) ?? false,
    linger: Object.freeze({ ...LINGER_DEFAULTS, ...said.linger }),
    onOutcome: readCallback('onOutcome', options.onOutcome, '(outcome)'),
    logger: said.logger,
    said,
    ...(size.of && { maxContentLengthOf: size.of }),
    ...(types.of && { acceptedTypesOf: types.of }),
  })
}

const LINGER_DEFAULTS: LingerPolicy = {
  idleMs: 2000,
  totalMs: 30_000,
  maxBytes: 64 * MEBIBYTE,
  maxConcurrent: 1000,
}
