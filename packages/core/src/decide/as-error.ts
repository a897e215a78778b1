// What a check threw, as a value that frameworks take for an error: they take `undefined` and other
// falsy values for none, and would let the request pass.

import { isError } from '../refusal/thrown.js'

export function asError(thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error('A check threw what is no Error.', { cause: thrown })
}
