// What is thrown may be anything, and an error of Node may be of another realm than this module's: it is
// looked at by its fields, never by its class.

/** A field of a value that may have none. */
export function fieldOf(value: unknown, name: string): unknown {
  const hasFields = (typeof value === 'object' && value !== null) || typeof value === 'function'
  return hasFields ? Reflect.get(value, name) : undefined
}

/** The same, where text is wanted; else the empty text. */
export function textOf(value: unknown, name: string): string {
  const text = fieldOf(value, name)
  return typeof text === 'string' ? text : ''
}
