// Functions that users gave and that an exchange does not depend on: observers, loggers, the log of an
// error handler, the release of a grant, the shape of an error. Law: whatever they throw, reject with or never
// settle, the exchange and the process go on; a warning says what happened, once for each function that is known.

import { inspect } from 'node:util'
import { isThenable } from '../../policy/thenable.js'
import type { ReportFault } from '../../refusal/formatter.js'
import { isError } from '../../refusal/thrown.js'

/** What users gave that has thrown: it may be called with each request, and throw each time. */
const told = new WeakSet<object>()

/** @param given - What the user gave: one warning is printed for it. Default: `call`. */
export function callUserCode(name: string, call: () => unknown, given: object = call): void {
  try {
    const answer = call()
    if (isThenable(answer)) {
      Promise.resolve(answer).then(undefined, (error) => warnOfFault(name, error, given))
    }
  } catch (error) {
    warnOfFault(name, error, given)
  }
}

/** @returns What tells of the faults of an option, where that is a function. */
export function faultsOf(name: string, option: unknown): ReportFault | undefined {
  return typeof option === 'function' ? (fault) => warnOfFault(name, fault, option) : undefined
}

/** @param given - Default: what is made for one request, as a grant is. */
export function warnOfFault(name: string, thrown: unknown, given?: object): void {
  if (given !== undefined) {
    if (told.has(given)) return
    told.add(given)
  }
  process.emitWarning(`${name} failed: ${textOf(thrown)}`, { code: 'EXPECTATION_WRN_OBSERVER' })
}

/** What was thrown may be an object without a prototype, or one whose getters throw. */
function textOf(thrown: unknown): string {
  try {
    return isError(thrown) ? `${thrown.name}: ${thrown.message}` : inspect(thrown)
  } catch {
    return 'a value that cannot be shown'
  }
}
