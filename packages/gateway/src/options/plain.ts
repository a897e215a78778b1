// Objects with names and values of their own. Law: what would be read as holding nothing (a `Map`, an array,
// an instance of some class) is wrong, and not empty.

/** Object literals, and what JSON and `Object.create(null)` give; of any realm. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const parent: unknown = Object.getPrototypeOf(value)
  return parent === null || Object.getPrototypeOf(parent) === null
}
