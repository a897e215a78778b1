// What is wrong with a body, as far as can be seen without reading it, and what to do instead.
import { isAnyArrayBuffer, isMap } from 'node:util/types'
import { isForm, isStream } from './kinds.js'

const NO_BODY =
  'Write bytes, a string such as JSON.stringify(value), a Blob, a form, a file: URL, a stream, or a function that makes one.'
const USED =
  'It has ended, was destroyed, or belongs to another reader; give one that nobody has read.'
const GONE = 'Its memory was transferred to another thread or owner; give a copy.'
const FORM =
  'The type of a form stands in the head, before the function is called; give the form itself as body.'

/** @returns the remedy, or `undefined` when it is a body */
export function faultOf(value: unknown): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return undefined
  if (typeof value === 'function') return undefined
  if (ArrayBuffer.isView(value)) return isDetached(value) ? GONE : undefined
  if (typeof value !== 'object' || Array.isArray(value)) return NO_BODY
  if (value instanceof URL) return value.protocol === 'file:' ? undefined : NO_BODY
  if (value instanceof URLSearchParams || isForm(value)) return undefined
  // Iterable, but by names and values, which are no bytes.
  if (isMap(value) || value instanceof Headers) return NO_BODY
  if (isStream(value)) {
    // One that has failed tells its own error.
    return value.errored == null && (value.destroyed || value.readableEnded) ? USED : undefined
  }
  if (value instanceof ReadableStream) return value.locked ? USED : undefined
  if (isAnyArrayBuffer(value)) return isDetached(value) ? GONE : undefined
  if (value instanceof Blob) return undefined
  return Symbol.asyncIterator in value || Symbol.iterator in value ? undefined : NO_BODY
}

/** The same of what a function gave. */
export function faultOfProduced(value: unknown): string | undefined {
  return value instanceof URLSearchParams || isForm(value) ? FORM : faultOf(value)
}

/** Bytes that were transferred away look like none. */
function isDetached(value: ArrayBufferLike | ArrayBufferView): boolean {
  if (value.byteLength > 0) return false
  try {
    new Uint8Array(ArrayBuffer.isView(value) ? value.buffer : value)
    return false
  } catch {
    return true
  }
}
