// JSON as a type, and the one way by which foreign values become it.

/** A value that JSON can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject

/** A JSON object; members that are `undefined` are left out when it is written. */
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined
}

/**
 * A deep copy of a value as JSON would carry it, so that later changes by its owner, getters and
 * cycles cannot reach a response.
 *
 * @returns `undefined` for everything that is not written as a JSON object.
 */
export function copyJsonObject(value: unknown): JsonObject | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  try {
    const flat = copyFlat(value)
    if (flat !== undefined) return flat
    const text: string | undefined = JSON.stringify(value)
    if (text === undefined || !text.startsWith('{')) return undefined
    const copy: JsonObject = JSON.parse(text)
    return copy
  } catch {
    return undefined
  }
}

/**
 * Most details are a few numbers and texts: one by one they are copied in a quarter of the time
 * that the way through text takes.
 *
 * @returns `undefined` for everything that JSON would not carry as it is.
 */
function copyFlat(value: object): JsonObject | undefined {
  if (Object.getPrototypeOf(value) !== Object.prototype || 'toJSON' in value) return undefined
  const copy: Record<string, JsonValue> = {}
  for (const [name, member] of Object.entries(value)) {
    if (!isPlain(member) || name === '__proto__') return undefined
    copy[name] = member
  }
  return copy
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    value === null ||
    (typeof value === 'number' && Number.isFinite(value))
  )
}
