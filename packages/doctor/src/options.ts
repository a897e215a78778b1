// The options of a run, checked where they are written.

import { OptionError } from '@expectation/client'
import type { FieldLine } from '@expectation/conformance'
import { bytesOf } from './bytes.js'
import { type FieldsInput, readFields, TOKEN } from './fields.js'
import { isRecord } from './record.js'
import { DEFAULT_TIMEOUT_MS } from './wire/patience.js'

export interface DoctorOptions {
  /** Method of the uploads. Default `'PUT'`, as most clients that ask use it. */
  readonly method?: string
  /**
   * Further fields of every request, for example credentials: an object, entries, a `Map` or `Headers`. Their
   * values are not shown in reports, nor is the query of the address; of what a server sends back of them,
   * parts of eight characters and more. Not those that the doctor writes itself, nor those of one connection.
   */
  readonly headers?: FieldsInput
  /**
   * Content of one upload, in bytes or as `'256kb'`. Default 256 KiB, which is more than what servers
   * read ahead; from 64 KiB to 8 MiB. The blind writer sends sixteen times as much, at least 4 MiB.
   */
  readonly bytes?: number | string
  /** A route that may be written to, such as `'PUT /files/doctor'`; default none, and nothing is written. */
  readonly accepts?: string
  /** Look also when the certificate is not trusted. Default false. */
  readonly insecure?: boolean
  /**
   * Also send a request in the place of content that is owed. Default false: behind a front end that
   * shares connections it may disturb the request of somebody else, so use it on your own systems only.
   */
  readonly desync?: boolean
  /** Milliseconds to wait for a connection, and for an answer. Default 5000; from 100 to 60000. */
  readonly timeoutMs?: number
  /** Ends the run at once; the promise rejects with its reason. */
  readonly signal?: AbortSignal
  /** Called with the name of each request before it is made. What it throws or rejects with becomes a warning of the process. */
  readonly onProbe?: (name: string) => void
}

export interface Settings {
  readonly method: string
  readonly fields: readonly FieldLine[]
  readonly contentBytes: number
  readonly accepts: { readonly method: string; readonly target: string } | undefined
  readonly insecure: boolean
  readonly desync: boolean
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  readonly onProbe: (name: string) => void
}

const KNOWN: readonly (keyof DoctorOptions)[] = [
  'method',
  'headers',
  'bytes',
  'accepts',
  'insecure',
  'desync',
  'timeoutMs',
  'signal',
  'onProbe',
]
const LEAST_BYTES = 64 * 1024
const MOST_BYTES = 8 * 1024 * 1024
const TARGET = /^\/[\x21-\x22\x24-\x7e]*$/
export interface Reading {
  /** The names that there are. */
  readonly known: readonly string[]
  /** Content of one upload where the options say nothing. */
  readonly contentBytes: number
}

const OUTSIDE: Reading = { known: KNOWN, contentBytes: LEAST_BYTES * 4 }

/** @throws OptionError - an option is not known, or cannot have its value. */
export function readOptions(options: DoctorOptions, reading: Reading = OUTSIDE): Settings {
  const { known } = reading
  if (!isRecord(options)) {
    const remedy = `Give an object of options${options === undefined ? '' : ', or leave it out'}.`
    throw new OptionError({ option: 'options', received: options, remedy })
  }
  // With those that it inherits: they are read as well.
  for (const option in options) {
    if (known.includes(option)) continue
    const code = 'ERR_EXPECTATION_UNKNOWN_OPTION'
    const received: unknown = Reflect.get(options, option)
    throw new OptionError({ option, received, code, remedy: `There are: ${known.join(', ')}.` })
  }
  // Only what is left out has a default: null is a value, and wrong.
  const { method = 'PUT', headers = {}, timeoutMs = DEFAULT_TIMEOUT_MS } = options
  const { insecure = false, desync = false, signal, onProbe = () => undefined } = options
  for (const [option, received] of Object.entries({ insecure, desync })) {
    if (typeof received !== 'boolean') {
      throw new OptionError({ option, received, remedy: 'Write true or false.' })
    }
  }
  if (typeof onProbe !== 'function') {
    throw new OptionError({ option: 'onProbe', received: onProbe, remedy: 'Give a function.' })
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new OptionError({ option: 'signal', received: signal, remedy: 'Give an AbortSignal.' })
  }
  return {
    method: readMethod(method, 'method'),
    fields: readFields(headers),
    contentBytes: options.bytes === undefined ? reading.contentBytes : readBytes(options.bytes),
    accepts: options.accepts === undefined ? undefined : readRoute(options.accepts),
    insecure,
    desync,
    timeoutMs: readTimeout(timeoutMs),
    signal,
    onProbe,
  }
}

function readMethod(received: string, option: string): string {
  if (
    typeof received === 'string' &&
    TOKEN.test(received) &&
    !/^(?:HEAD|CONNECT|TRACE)$/i.test(received)
  ) {
    return received
  }
  const remedy = 'Write a method that takes content: PUT, POST or PATCH.'
  throw new OptionError({ option, received, remedy })
}

function readBytes(received: number | string): number {
  const bytes = bytesOf(received)
  if (bytes !== undefined && bytes >= LEAST_BYTES && bytes <= MOST_BYTES) return bytes
  const remedy = "Write bytes, or '256kb'; from 64kb to 8mb."
  throw new OptionError({ option: 'bytes', received, remedy })
}

function readRoute(received: unknown): { method: string; target: string } {
  const text = typeof received === 'string' ? received : ''
  const [method = '', target = '', ...more] = text.trim().split(/\s+/)
  if (!TOKEN.test(method) || !TARGET.test(target) || more.length > 0) {
    const remedy = "Write a method and a path: 'PUT /files/doctor'."
    throw new OptionError({ option: 'accepts', received, remedy })
  }
  return { method: readMethod(method, 'accepts'), target }
}

function readTimeout(received: number): number {
  if (Number.isInteger(received) && received >= 100 && received <= 60_000) return received
  const remedy = 'Write milliseconds, from 100 to 60000.'
  throw new OptionError({ option: 'timeoutMs', received, remedy })
}
