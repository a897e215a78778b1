// What can hold options or fields by their names. What would be read as holding nothing (a `Map`, a list, a
// date, a promise that nobody waited for) is wrong, and not empty.

/** Objects as they are written, instances of classes, and what `import * as` gives. */
export function isRecord(value: unknown): value is object {
  const kind = Object.prototype.toString.call(value)
  if (kind !== '[object Object]' && kind !== '[object Module]') return false
  // Promises of other packages are objects like any other.
  return typeof Reflect.get(Object(value), 'then') !== 'function'
}
