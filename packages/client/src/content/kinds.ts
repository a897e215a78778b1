// What a body is, where no class of Node says it: streams and forms of other packages are of classes of their own.
import { Readable } from 'node:stream'

export function isStream(value: unknown): value is Readable {
  return (
    value instanceof Readable ||
    (typeof value === 'object' &&
      value !== null &&
      'pipe' in value &&
      'read' in value &&
      typeof value.read === 'function')
  )
}

/** By its name: to name `FormData` makes Node load all of its `fetch`. */
export function isForm(value: unknown): value is FormData {
  const isNamed = Object.prototype.toString.call(value) === '[object FormData]'
  return isNamed && Symbol.iterator in Object(value)
}
