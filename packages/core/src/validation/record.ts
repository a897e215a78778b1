// What can hold options or fields by their names. Law: what would be read as holding nothing (a `Map`,
// `Headers`, a promise that nobody waited for, a date) is wrong, and not empty.

/** Objects as they are written, instances of classes, and what `import * as` gives. */
export function isRecord(value: unknown): value is object {
  const kind = Object.prototype.toString.call(value)
  return kind === '[object Object]' || kind === '[object Module]'
}
