// What can hold options or fields by their names: what would be read as holding nothing (a `Map`, a promise,
// a date) is wrong, and not empty.

export function isRecord(value: unknown): value is object {
  const kind = Object.prototype.toString.call(value)
  return kind === '[object Object]' || kind === '[object Module]'
}
