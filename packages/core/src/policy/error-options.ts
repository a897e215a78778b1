// Options of an adapter's error handler, the same in every adapter.

import type { Format } from '../refusal/body.js'
import { isPlanned } from '../refusal/refusal.js'
import { readBoolean } from '../validation/read-option.js'
import { rejectUnknownNames } from '../validation/unknown-names.js'
import { readCallback } from './callback-options.js'
import { readFormat } from './said-options.js'

/** What a log hook is told beside the error. */
export interface ErrorContext<Request = unknown> {
  readonly request: Request
  /** Status that the client gets. */
  readonly status: number
  /** The client has closed the connection: nobody gets the answer, and the error may be about that. */
  readonly clientGone: boolean
}

export interface ErrorHandlerOptions<Request = unknown> {
  /** Shape of the body. Default: the format of the gate that decided last, else `error`. */
  readonly format?: Format
  /** Answer requests that no route took with 404 `not_found`. Default true. */
  readonly notFound?: boolean
  /**
   * Told every error once, whole, before the answer is written; it never reaches the client.
   * Default: the framework's logger where there is one, else `console.error` for what the server is
   * to blame for (5xx), except a `Refusal` without a `cause`, which was given on purpose. What it
   * throws, or rejects with, is the warning `EXPECTATION_WRN_OBSERVER` and changes nothing.
   *
   * A method, which makes it bivariant in `Request`: the adapter passes its framework's own.
   */
  log?(error: unknown, context: ErrorContext<Request>): void
}

export interface ErrorPolicy<Request> {
  readonly format: Format | undefined
  readonly notFound: boolean
  readonly log: (error: unknown, context: ErrorContext<Request>) => void
}

const OPTION_NAMES: Readonly<Record<keyof ErrorHandlerOptions, true>> = {
  format: true,
  notFound: true,
  log: true,
}

/**
 * @throws {@link OptionError} for a value of the wrong kind, and for an unknown name.
 */
export function compileErrorPolicy<Request>(
  options: ErrorHandlerOptions<Request> = {},
  log: ErrorPolicy<Request>['log'] = logServerFault,
): ErrorPolicy<Request> {
  rejectUnknownNames('', options, Object.keys(OPTION_NAMES))
  return Object.freeze({
    format: readFormat(options.format),
    notFound: readBoolean('notFound', options.notFound) ?? true,
    log: readCallback('log', options.log, '(error, context)') ?? log,
  })
}

function logServerFault(error: unknown, { status, clientGone }: ErrorContext): void {
  if (status >= 500 && !clientGone && !isPlanned(error)) console.error(error)
}
