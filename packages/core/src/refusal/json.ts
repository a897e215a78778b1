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
    const text: string | undefined = JSON.stringify(value)
    if (text === undefined || !text.startsWith('{')) return undefined
    const copy: JsonObject = JSON.parse(text)
    return copy
  } catch {
    return undefined
  }
}
