// The fields that a caller adds to every request. Laws:
// - nothing that was given is left out: what cannot be sent as it is, over HTTP/1.1 and over HTTP/2, is told
//   before anything is sent
// - values may be secrets, so no message shows them

import { OptionError } from '@expectation/client'
import type { FieldLine } from '@expectation/conformance'
import { isRecord } from './record.js'

/** As in `fetch`: an object, entries, a `Map` or `Headers`. */
export type FieldsInput =
  | Headers
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string>>

/** A name of a field, and of a method (RFC 9110 section 5.6.2). */
export const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** What the doctor itself writes: two of them would be another request than the one that is judged. */
const OWN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'if-match',
  'transfer-encoding',
  'user-agent',
])
/** They are of one connection, and HTTP/2 has none of them (RFC 9113 section 8.2.2). */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'upgrade',
])
/** Their values are no lists, so a second one makes the request ambiguous (RFC 9110 section 5.3). */
const ONCE: ReadonlySet<string> = new Set([
  'authorization',
  'content-location',
  'content-range',
  'content-type',
  'date',
  'from',
  'host',
  'if-modified-since',
  'if-range',
  'if-unmodified-since',
  'max-forwards',
  'origin',
  'proxy-authorization',
  'range',
  'referer',
  'te',
])

/** @throws OptionError - not fields, or not the caller's to write. */
export function readFields(received: unknown): readonly FieldLine[] {
  const names = new Set<string>()
  return entriesOf(received).map((entry) => {
    const [name, value] = lineOf(entry)
    const lower = name.toLowerCase()
    const remedy = remedyFor(lower, value)
    // These are no secrets.
    if (remedy !== undefined) throw wrong(`headers.${name}`, remedy, value)
    if (names.has(lower) && ONCE.has(lower)) throw wrong(`headers.${name}`, TWICE)
    names.add(lower)
    return [name, value]
  })
}

function entriesOf(received: unknown): readonly unknown[] {
  if (typeof received === 'object' && received !== null) {
    if (Symbol.iterator in received) return [...(received as Iterable<unknown>)]
    if (isRecord(received) && isPlain(received)) return Object.entries(received)
  }
  const remedy = "Write { Authorization: '…' }, entries, or Headers."
  // A line of text may hold a secret; of an object its kind is shown.
  const shown = typeof received === 'string' ? '(not shown)' : received
  throw new OptionError({ option: 'headers', received: shown, remedy })
}

/** What others hold, they inherit or compute, and it would not be found. */
function isPlain(value: object): boolean {
  const parent: unknown = Object.getPrototypeOf(value)
  return typeof parent !== 'object' || parent === null || Object.hasOwn(parent, 'hasOwnProperty')
}

function lineOf(entry: unknown): FieldLine {
  if (!Array.isArray(entry) || entry.length !== 2) {
    throw wrong('headers', "Write entries as ['Authorization', '…'].")
  }
  const [name, value]: readonly unknown[] = entry
  if (typeof name !== 'string' || typeof value !== 'string') {
    throw wrong(typeof name === 'string' ? `headers.${name}` : 'headers', LINE)
  }
  if (!TOKEN.test(name) || !VALUE.test(value)) throw wrong(`headers.${name}`, LINE)
  // No part of the value (RFC 9110 section 5.5), and refused in HTTP/2 (RFC 9113 section 8.2.1).
  return [name, value.replace(/^[\t ]+|[\t ]+$/g, '')]
}

const LINE = 'A field has a name and a value of one line (RFC 9110 section 5.5).'
const TWICE = 'It is there already, and may stand once; leave one of them out.'

function remedyFor(name: string, value: string): string | undefined {
  if (OWN.has(name)) return 'The doctor writes this field by itself; leave it out.'
  // RFC 9113 section 8.2.2: `trailers` is the one value that every version has.
  const ofOneHop = name === 'te' && value !== 'trailers'
  if (ofOneHop || OF_THE_CONNECTION.has(name)) {
    return 'It is about one connection, and the doctor makes its own; leave it out.'
  }
  return undefined
}

function wrong(option: string, remedy: string, received = '(not shown)'): OptionError {
  return new OptionError({ option, received, remedy })
}

/**
 * The same fields where each name stands once: values of one name are a list (RFC 9110 section 5.3), those
 * of `Cookie` are separated as in one (RFC 9113 section 8.2.3).
 */
export function joined(fields: readonly FieldLine[]): ReadonlyMap<string, string> {
  const all = new Map<string, string>()
  for (const [name, value] of fields) {
    const lower = name.toLowerCase()
    const before = all.get(lower)
    const separator = lower === 'cookie' ? '; ' : ', '
    all.set(lower, before === undefined ? value : `${before}${separator}${value}`)
  }
  return all
}
