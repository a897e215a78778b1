// What a check threw, as a value that frameworks take for an error: they take `undefined` and other
// falsy values for none, and would let the request pass.

export function asError(thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error('A check threw what is no Error.', { cause: thrown })
}

/** Also one of another realm. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
}
