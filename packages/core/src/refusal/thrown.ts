// Reads values that anybody may have thrown: proxies, getters that throw, null, strings.
// Every look is guarded, and nothing is read twice, because the second answer may differ.

import { type Fields, isFieldName, isFieldValue } from './header-field.js'

/** A property of any value; `undefined` when there is none or reading it throws. */
export function property(value: unknown, name: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  try {
    return Reflect.get(value, name)
  } catch {
    return undefined
  }
}

export function stringProperty(value: unknown, name: string): string | undefined {
  const found = property(value, name)
  return typeof found === 'string' ? found : undefined
}

/** An error of any realm. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
  } catch {
    return false
  }
}

/** The first of these properties that is an error status, 400 to 599. */
export function statusProperty(value: unknown, names: readonly string[]): number | undefined {
  for (const name of names) {
    const found = property(value, name)
    if (typeof found === 'number' && Number.isInteger(found) && found >= 400 && found <= 599) {
      return found
    }
  }
  return undefined
}

// Fields that describe the message, its content or its connection: the renderer and the Node layer own
// them, and a thrower's stale copy would break the framing (RFC 9112 section 6, RFC 9110 7.6.1, 8).
const OWNED = new Set([
  'connection',
  'content-digest',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-md5',
  'content-type',
  'digest',
  'keep-alive',
  'proxy-connection',
  'repr-digest',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * The header fields of a thrown value that can be sent with a status; the rest is dropped.
 * `Content-Range` tells the complete length with 416, and means nothing with any other error
 * (RFC 9110 section 15.5.17).
 */
export function fieldsProperty(value: unknown, name: string, status: number): Fields {
  const fields = property(value, name)
  if (typeof fields !== 'object' || fields === null) return {}
  return Object.fromEntries(
    keysOf(fields).flatMap((key): readonly (readonly [string, Fields[string]])[] => {
      if (!isSendable(key, status)) return []
      const sent = sentOf(property(fields, key))
      return sent === undefined ? [] : [[key, sent]]
    }),
  )
}

function isSendable(name: string, status: number): boolean {
  const lower = name.toLowerCase()
  const misplaced = lower === 'content-range' && status !== 416
  return isFieldName(name) && !OWNED.has(lower) && !misplaced
}

/** The lines of a list that can be sent: WWW-Authenticate and Set-Cookie are given as lists. */
function sentOf(value: unknown): Fields[string] | undefined {
  const list = listOf(value)
  if (list === undefined) return textOf(value)
  const lines = list.flatMap((each) => textOf(each) ?? [])
  return lines.length === 0 ? undefined : lines
}

/** http-errors users write { 'Retry-After': 30 } too. */
function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value
  return typeof text === 'string' && isFieldValue(text) ? text : undefined
}

/** @returns `undefined` for what is no list; an empty one where looking at it throws. */
function listOf(value: unknown): readonly unknown[] | undefined {
  try {
    return Array.isArray(value) ? [...value] : undefined
  } catch {
    return []
  }
}

function keysOf(value: object): readonly string[] {
  try {
    return Object.keys(value)
  } catch {
    return []
  }
}
