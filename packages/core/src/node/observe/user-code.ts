// Calls of functions that users gave and whose answer nobody waits for: observers, loggers, the log of
// an error handler, the release of a grant. Law: whatever they throw, reject with or never settle, the
// exchange and the process go on; a warning says what happened.

import { inspect } from 'node:util'
import { isThenable } from '../../policy/thenable.js'

export function callUserCode(name: string, call: () => unknown): void {
  try {
    const answer = call()
    if (isThenable(answer)) {
      Promise.resolve(answer).then(undefined, (error) => warnOfFault(name, error))
    }
  } catch (error) {
    warnOfFault(name, error)
  }
}

export function warnOfFault(name: string, thrown: unknown): void {
  process.emitWarning(`${name} threw: ${textOf(thrown)}`, { code: 'EXPECTATION_WRN_OBSERVER' })
}

/** What was thrown may be an object without a prototype, or one whose getters throw. */
function textOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : inspect(thrown)
  } catch {
    return 'a value that cannot be shown'
  }
}
