// What a check threw, as a value that frameworks take for an error: they take `undefined` and other
// falsy values for none, and would let the request pass.

import { isError } from '../refusal/thrown.js'

export function asError(thrown: unknown): Error {
  if (isError(thrown)) return thrown
  return isOpaque(thrown)
    ? new Error('A check threw what cannot be looked at.')
    : new Error('A check threw what is no Error.', { cause: thrown })
}

/** Express prints an error with its cause, and a cause that throws at every look would end the process there. */
function isOpaque(thrown: unknown): boolean {
  try {
    return thrown instanceof Error
  } catch {
    return true
  }
}
