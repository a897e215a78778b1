// Header fields as names and values, in the order in which they were written. Everything that is given
// as fields is checked here: names, values, fields that may stand once, and those that are not the
// caller's to write.
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { OptionError } from './option-error.js'
import { isRecord } from './record.js'

export type Fields = readonly (readonly [name: string, value: string])[]

/** What header fields may be given as: as in `fetch`, or as in `node:http`. */
export type FieldsInput =
  | Headers
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | number | readonly string[] | undefined>>

const OF_THE_CONNECTION = 'Connections are looked after by the agent; leave it out.'

/** Maps and sets, as an object has `constructor` and others without being told. */
const WRITTEN_HERE: ReadonlyMap<string, string> = new Map([
  ['connection', OF_THE_CONNECTION],
  ['expect', 'Whether to ask is the option `expect`; leave the field out.'],
  ['http2-settings', 'An upload does not change the protocol; leave it out.'],
  ['keep-alive', OF_THE_CONNECTION],
  ['proxy-connection', OF_THE_CONNECTION],
  ['trailer', 'No trailer fields are sent after the content; leave it out.'],
  ['transfer-encoding', 'Content of unknown length is sent in chunks by itself; leave it out.'],
  ['upgrade', 'An upload does not change the protocol; leave it out.'],
])

/** Their values are no lists, so a second one makes the request ambiguous (RFC 9110 section 5.3). */
const ONCE: ReadonlySet<string> = new Set(
  (
    'access-control-max-age access-control-request-method age authorization content-length ' +
    'content-location content-md5 content-range content-type date dnt etag expires from host ' +
    'if-modified-since if-range if-unmodified-since last-modified location max-forwards ' +
    'proxy-authorization range referer retry-after tk upgrade-insecure-requests user-agent ' +
    'x-content-type-options access-control-allow-credentials'
  ).split(' '),
)

/** `option`: how the caller calls it, for errors. */
export function readFields(input: unknown, option: string): Fields {
  if (input === undefined) return []
  const fields: (readonly [string, string])[] = []
  const names = new Set<string>()
  for (const [name, value] of entriesOf(input, option)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each === undefined) continue
      const field = checked(name, each, option)
      const lower = field[0].toLowerCase()
      if (ONCE.has(lower) && names.has(lower)) {
        const remedy = 'It is there already, and may stand once; leave one of them out.'
        throw new OptionError({ option: pathOf(field[0], option), received: field[1], remedy })
      }
      names.add(lower)
      fields.push(field)
    }
  }
  return fields
}

function entriesOf(input: unknown, option: string): Iterable<readonly [unknown, unknown]> {
  if (typeof input !== 'object' || input === null) throw wrong(input, option)
  if (!(Symbol.iterator in input)) {
    if (isRecord(input)) return Object.entries(input)
    throw wrong(input, option)
  }
  // Bytes are iterable, too, and may be none.
  if (ArrayBuffer.isView(input)) throw wrong(input, option)
  const entries: unknown[] = [...(input as Iterable<unknown>)]
  return entries.map((entry) => {
    if (Array.isArray(entry) && entry.length === 2) return [entry[0], entry[1]] as const
    throw wrong(entry, option)
  })
}

function wrong(received: unknown, option: string): OptionError {
  const remedy = "Write an object such as { Authorization: 'Bearer …' }, entries, or Headers."
  return new OptionError({ option, received, remedy })
}

function checked(name: unknown, value: unknown, option: string): readonly [string, string] {
  if (typeof name !== 'string' || (typeof value !== 'string' && typeof value !== 'number')) {
    throw wrong({ [String(name)]: value }, option)
  }
  const text = String(value)
  const path = pathOf(name, option)
  const lower = name.toLowerCase()
  const remedy =
    lower === 'te' && text.trim().toLowerCase() !== 'trailers'
      ? 'No other coding is read than that of the content; leave it out.'
      : WRITTEN_HERE.get(lower)
  if (remedy !== undefined) throw new OptionError({ option: path, received: text, remedy })
  try {
    validateHeaderName(name)
    validateHeaderValue(name, text)
  } catch (error) {
    const { message } = error as Error
    throw new OptionError({ option: path, received: text, remedy: `${message}.` })
  }
  return [name, text]
}

function pathOf(name: string, option: string): string {
  return `${option}[${JSON.stringify(name)}]`
}

export function fieldOf(fields: Fields, name: string): string | undefined {
  for (const [each, value] of fields) if (each.toLowerCase() === name) return value
  return undefined
}

/** `over` takes the place of fields with the same name. */
export function withFields(fields: Fields, over: Fields): Fields {
  const names = new Set(over.map(([name]) => name.toLowerCase()))
  return [...fields.filter(([name]) => !names.has(name.toLowerCase())), ...over]
}

/** Without `Content-Length`, which the client writes, and which may say here what is known already. */
export function withoutLength(fields: Fields, known: number | undefined): Fields {
  const written = fieldOf(fields, 'content-length')
  if (written === undefined) return fields
  if (written !== String(known)) {
    const remedy = 'The length is that of the content, or the option `contentLength`; leave it out.'
    const option = "authorize()['Content-Length']"
    throw new OptionError({ option, received: written, remedy })
  }
  return fields.filter(([name]) => name.toLowerCase() !== 'content-length')
}
