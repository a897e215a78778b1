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

/** False for what would be read as holding nothing: a `Map`, a promise that nobody waited for, a list. */
export function holdsFields(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const kind = Object.prototype.toString.call(value)
  if (kind !== '[object Object]' && kind !== '[object Module]') return false
  return typeof fieldOf(value, 'then') !== 'function' && !(Symbol.iterator in value)
}

/** The fields that an object holds, those that it inherits included (`Object.create`, getters of a class). */
export function fieldsOf(value: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(namesIn(value).map((name) => [name, fieldOf(value, name)]))
}

function namesIn(value: object): readonly string[] {
  const parent: unknown = Object.getPrototypeOf(value)
  // What every object has is nobody's field; there is one `Object.prototype` in each realm.
  const inherits =
    typeof parent === 'object' && parent !== null && !Object.hasOwn(parent, 'hasOwnProperty')
  const own = Object.entries(Object.getOwnPropertyDescriptors(value))
  const told = own.filter(([, { enumerable, get }]) => enumerable === true || get !== undefined)
  return [...(inherits ? namesIn(parent) : []), ...told.map(([name]) => name)]
}
