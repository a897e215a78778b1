// A Refusal is an error that was made to be shown: its message, details and headers reach the client.
// It follows the conventions of http-errors, so that any framework's own error handling answers it
// sensibly, and it is known by a brand, so that two copies of the package know each other's.

import { OptionError } from '../validation/option-error.js'
import { isRecord } from '../validation/record.js'
import { rejectUnknownNames } from '../validation/unknown-names.js'
import { reasonFor, titleFor } from './catalogue.js'
import { isFieldName, isFieldValue } from './header-field.js'
import { copyJsonObject, type JsonObject } from './json.js'
import { property } from './thrown.js'

export interface RefusalOptions {
  /** Machine-readable slug, `/^[a-z][a-z0-9_]*$/`. Default: the catalogue's reason of the status. */
  readonly reason?: string | undefined
  /** For people. Default: the reason phrase of the status (RFC 9110 section 15). */
  readonly message?: string | undefined
  /** What helps the client to do better. Copied as JSON: later changes do not show. Default: none. */
  readonly details?: string | JsonObject | undefined
  /** Header fields of the response, for example `Retry-After`. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** What led to it; for logs, never shown. Default: none. */
  readonly cause?: unknown
}

const BRAND = Symbol.for('@expectation/core/Refusal')
const isOrdinaryInstance = Function.prototype[Symbol.hasInstance]
const REASON = /^[a-z][a-z0-9_]*$/
const OPTION_NAMES = ['reason', 'message', 'details', 'headers', 'cause'] as const

let stockOf: (value: object) => StockFacts | undefined

/**
 * An answer of 400 to 599 that is thrown, or returned from a check, instead of doing the work.
 *
 * @example
 * throw new Refusal(429, { reason: 'quota_exhausted', headers: { 'Retry-After': '3600' } })
 */
export class Refusal extends Error {
  override readonly name: string = 'Refusal'
  readonly status: number
  /** The same as `status`, under the name that other frameworks look for. */
  readonly statusCode: number
  /** For code that tells errors apart by `code`; the reason says more. */
  readonly code = 'ERR_EXPECTATION_REFUSED'
  /** Always true: http-errors' mark of a message that may be shown. */
  readonly expose = true
  readonly reason: string
  // Declared only: absent, not undefined, when there are none.
  declare readonly details?: string | JsonObject
  readonly headers: Readonly<Record<string, string>>
  /** What the library made it of, if it did. */
  readonly #stock: StockFacts | undefined

  /**
   * @param status - An integer from 400 to 599. 417 speaks of expectations only: a client that
   * gets it is told to send again without `Expect` (RFC 9110 section 15.5.18).
   * @throws {@link OptionError} when the status, the reason, a header field or the details could
   * not be sent, or an option is unknown.
   */
  constructor(status: number, options: RefusalOptions = {}) {
    const stock = options instanceof StockFacts ? options : undefined
    const settings = stock ?? checkedSettings(status, options)
    super(settings.message, 'cause' in options ? { cause: options.cause } : undefined)
    this.status = status
    this.statusCode = status
    this.reason = settings.reason
    this.headers = settings.headers
    if (settings.details !== undefined) this.details = settings.details
    this.#stock = stock
  }

  /** On the prototype, where JSON and loggers do not see it. */
  get [BRAND](): true {
    return true
  }

  /** Lets `instanceof Refusal` hold for refusals of another copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass asks for itself, not for Refusal.
    return this === Refusal ? isRefusal(value) : isOrdinaryInstance.call(this, value)
  }

  static {
    stockOf = (value) => (#stock in value ? value.#stock : undefined)
  }
}

/** Whether a value is a {@link Refusal}, of this copy of the package or another. Never throws. */
export function isRefusal(value: unknown): value is Refusal {
  try {
    return typeof value === 'object' && value !== null && Reflect.get(value, BRAND) === true
  } catch {
    return false
  }
}

/**
 * Whether an error is an answer that was given on purpose: a {@link Refusal} that nothing else led to.
 * Logs need no stack of it, whatever its status: a server that sheds load gives thousands.
 */
export function isPlanned(value: unknown): value is Refusal {
  return isRefusal(value) && property(value, 'cause') === undefined
}

interface Settings {
  readonly reason: string
  readonly message: string
  readonly details?: string | JsonObject | undefined
  readonly headers: Readonly<Record<string, string>>
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})

/**
 * What the library itself refuses with: nothing in it has to be checked, copied or read with care,
 * which is half of what a refusal costs.
 */
export class StockFacts implements Settings {
  readonly message: string
  declare readonly details?: string | JsonObject

  constructor(
    readonly status: number,
    readonly reason: string = reasonFor(status),
    details?: string | JsonObject,
    readonly headers: Readonly<Record<string, string>> = NO_HEADERS,
  ) {
    this.message = titleFor(status)
    // What is not read with care may not change. Lists in it are frozen by who gives them.
    if (details !== undefined) this.details = Object.freeze(details)
  }
}

/** What a refusal of the library tells, if nobody has changed it since it was made. Never throws. */
export function stockFactsOf(refusal: object): StockFacts | undefined {
  try {
    const stock = stockOf(refusal)
    return stock !== undefined && isAsMade(refusal, stock) ? stock : undefined
  } catch {
    return undefined
  }
}

function isAsMade(refusal: Partial<Refusal>, stock: StockFacts): boolean {
  return (
    refusal.status === stock.status &&
    refusal.reason === stock.reason &&
    refusal.message === stock.message &&
    refusal.details === stock.details &&
    refusal.headers === stock.headers
  )
}

// Before super(), so that nothing half-made can be caught.
function checkedSettings(status: number, options: RefusalOptions): Settings {
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw fault('status', status, 'Give an integer from 400 to 599.')
  }
  rejectUnknownNames('Refusal', options, OPTION_NAMES)
  const { reason = reasonFor(status), message = titleFor(status) } = options
  if (typeof reason !== 'string' || !REASON.test(reason)) {
    throw fault(
      'reason',
      reason,
      'Use lower-case letters, digits and underscores, as in "quota_exhausted".',
    )
  }
  if (typeof message !== 'string')
    throw fault('message', message, 'Give a string, or leave it out.')
  return {
    reason,
    message,
    details: checkedDetails(options.details),
    headers: checkedHeaders(options.headers),
  }
}

function checkedDetails(details: RefusalOptions['details']): string | JsonObject | undefined {
  if (details === undefined || typeof details === 'string') return details
  const copy = copyJsonObject(details)
  if (copy === undefined)
    throw fault('details', details, 'Give a string, or an object that JSON can carry.')
  return copy
}

function checkedHeaders(headers: RefusalOptions['headers']): Readonly<Record<string, string>> {
  if (headers === undefined) return NO_HEADERS
  if (!isRecord(headers)) {
    throw fault('headers', headers, 'Give an object of header names and values.')
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!isFieldName(name))
      throw fault('headers', name, 'Header names are tokens, as in "Retry-After".')
    if (typeof value !== 'string' || !isFieldValue(value)) {
      throw fault(`headers.${name}`, value, 'Give a string in Latin-1 without control characters.')
    }
  }
  return Object.freeze({ ...headers })
}

function fault(option: string, received: unknown, remedy: string): OptionError {
  return new OptionError({ option: `Refusal.${option}`, received, remedy })
}
